import type { GivenBy } from "../../encryption";
import { isGrantId, newGrantId } from "../../grant";

const idLength = 32;

/** The names of all that is kept in Redis. What concerns a grant has one hash tag: the grant's id. */
export interface RedisKeys {
  grant(id: string): string;
  /** A grant, and with `link` that link to it. */
  grantAndLink(id: string, link?: string): string[];
  link(id: string, link: string): string;
  lock(name: string): string;
  claim(key: string): string;
  outcome(key: string): string;
  /** The index of a company's grants. */
  company(by: GivenBy): string;
  /** A part of the index of an app's companies. */
  companies(app: string | null, part: number): string;
  /** The index of a part of the records of a kind. */
  records(kind: string, part: number): string;
  /** A record of that part, where its index lies. */
  record(kind: string, part: number, key: string): string;
  /** Keys of each kind at which nothing stands. */
  toTry(): KeysToTry;
}

export interface KeysToTry {
  readonly values: readonly string[];
  readonly indexes: readonly string[];
  readonly prefix: string;
}

export function createRedisKeys(prefix: string): RedisKeys {
  const keys: RedisKeys = {
    grant: (id) => `${prefix}{${id}}:grant`,
    grantAndLink: (id, link) => (link === undefined ? [keys.grant(id)] : [keys.grant(id), keys.link(id, link)]),
    link: (id, link) => `${prefix}{${id}}:link:${link}`,
    lock: (name) => `${prefix}{${name}}:lock`,
    claim: (key) => `${prefix}${tagged(key)}:claim`,
    outcome: (key) => `${prefix}${tagged(key)}:outcome`,
    company: (by) => `${prefix}{company:${nameOf(by)}}:grants`,
    companies: (app, part) => `${prefix}{companies:${app ?? ""}:${part}}`,
    records: (kind, part) => `${prefix}{records:${kind}:${part}}`,
    record: (kind, part, key) => `${keys.records(kind, part)}:${key}`,
    toTry() {
      const id = newGrantId();
      const claims = [keys.claim(id), keys.outcome(id), keys.claim(`attempt:${id}`)];
      const requestBudget = [`${prefix}{company:${id}}:budget`, `${prefix}{company:${id}}:limit`];
      const values = [...keys.grantAndLink(id, "tried"), ...claims, keys.lock(id), ...requestBudget];
      const record = keys.record(`tried:${id}`, 0, "tried");
      const indexes = [`${prefix}{company:${id}}:grants`, keys.records(`tried:${id}`, 0)];
      return { values: [...values, record], indexes, prefix };
    },
  };
  return keys;
}

/** What concerns a grant lies where that grant does. */
function tagged(key: string): string {
  const id = key.slice(0, idLength);
  return isGrantId(id) && key[idLength] === ":" ? `{${id}}${key.slice(idLength)}` : `{${key}}`;
}

/** As it was before grants knew their app, where there is none. */
function nameOf({ app, company }: GivenBy): string {
  return app === null ? company.replace(/^id:/, "") : `${app}:${company}`;
}
