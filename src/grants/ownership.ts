import { companyKey, type CompanyName } from "../config/company-id";
import { ConfigError } from "../errors/errors";
import type { Grant, NewGrant } from "./grant";
import { newestGrant } from "./for-company";
import type { Hold, SessionLink } from "./session-grants";
import type { GrantStore } from "./store";

/** A company's grant is kept for two years after it was last used. */
export const companyLifeMs = 31_536_000_000;

/** A link to make, for as long as its session lives. */
export interface LinkLife {
  readonly link: string;
  readonly sessionLifeMs: number;
}

/** Who a grant belongs to, and so how long it is kept and what ends it. */
export interface Ownership {
  readonly hold: Hold;
  /** Keeps a fresh grant with a link for one session, and answers its id. */
  keep(grants: GrantStore, grant: NewGrant, session: LinkLife): Promise<string>;
}

/** The session's own: it lives as long as sessions do, and ends with the session. */
export const heldBySession: Ownership = {
  hold: "session",
  keep: (grants, grant, { link, sessionLifeMs }) => grants.create(grant, sessionLifeMs, link),
};

/** The company's: sessions come and go, and whoever connects it again renews the one grant that all of them use. */
export const heldByCompany: Ownership = {
  hold: "company",
  async keep(grants, grant, { link, sessionLifeMs }) {
    const companyId = grant.account.id;
    if (companyId === null) throw new ConfigError('hold: "company" must know the company: leave skipUserProfile off.');
    const company = grant.ref === null ? companyId : { ref: grant.ref };
    const id = await keepForCompany(grants, grant, { company });
    await grants.link(id, link, sessionLifeMs);
    return id;
  },
};

/** Which company's place a grant takes. */
export interface CompanyPlace {
  readonly company: CompanyName;
  /** Asked about what stands there, where nobody else can come between; what it throws leaves all as it is. */
  readonly check?: (current: Grant | null) => void;
}

/** Keeps a company's one grant, in place of what it had. */
export function keepForCompany(grants: GrantStore, grant: NewGrant, place: CompanyPlace): Promise<string> {
  // One administrator after the other: two at once would leave the company with two grants.
  return grants.withLock(placeOf(grant.app, place.company), () => keepOne(grants, grant, place));
}

function placeOf(app: string | null, company: CompanyName): string {
  return `keep:${app}:${companyKey(company)}`;
}

async function keepOne(grants: GrantStore, grant: NewGrant, { company, check }: CompanyPlace): Promise<string> {
  for (;;) {
    const current = await newestGrant(grants, grant.app, company);
    check?.(current?.grant ?? null);
    if (!current) return grants.create(grant, companyLifeMs);
    if (!hasSameNames(current.grant, grant)) return keepUnderOtherNames(grants, grant, current.id);
    if (await grants.replace(current.id, current.grant.version, grant)) return current.id;
  }
}

/** Ends those of a company's grants that `isOver` is true of. Nobody connects the company meanwhile. */
export function endForCompany(
  grants: GrantStore,
  { app, company }: { readonly app: string | null; readonly company: CompanyName },
  isOver: (grant: Grant) => Promise<boolean>,
): Promise<{ readonly ended: number; readonly remaining: number }> {
  return grants.withLock(placeOf(app, company), async (lock) => {
    const ids = await grants.idsOf(app, company);
    const outcomes = await Promise.all(
      ids.map(async (id) => {
        const grant = await grants.get(id);
        if (!grant) return "gone";
        if (!(await isOver(grant)) || lock.remainingMs() <= 0) return "remaining";
        // A tenant's sign-in takes its place under the tenant's name, and so another lock.
        if ((await grants.get(id))?.version !== grant.version) return "remaining";
        await grants.delete(id);
        return "ended";
      }),
    );
    const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
    return { ended: count("ended"), remaining: count("remaining") };
  });
}

function hasSameNames(one: NewGrant, other: NewGrant): boolean {
  return one.account.id === other.account.id && one.ref === other.ref;
}

/** Stores find a grant by the names it was created with. */
async function keepUnderOtherNames(grants: GrantStore, grant: NewGrant, former: string): Promise<string> {
  const id = await grants.create(grant, companyLifeMs);
  await grants.delete(former);
  return id;
}

/**
 * Ends what a session linked to: a grant of its own with it, a company's stays. Resolves when none of it can be used by
 * this session any more. Answers how many grants ended.
 */
export async function releaseLinks(grants: GrantStore, links: readonly SessionLink[], hold: Hold): Promise<number> {
  const ended = await Promise.all(links.map((link) => releaseLink(grants, link, link.hold ?? hold)));
  return ended.filter(Boolean).length;
}

async function releaseLink(grants: GrantStore, { id, link }: SessionLink, hold: Hold): Promise<boolean> {
  if (hold === "session") await grants.delete(id);
  else if (link !== null) await grants.unlink(id, link);
  return hold === "session";
}

/**
 * The grant behind a link of this app. One that was kept before grants knew their app is believed where it was a
 * session's own: a company's waits until its app is named.
 */
export function isOfApp(grant: Grant | null, app: string | null, hold: Hold): grant is Grant {
  if (!grant) return false;
  return app === null || grant.app === app || (grant.app === null && hold === "session");
}
