import { randomBytes } from "node:crypto";
import { knownOptions } from "../../../config/own-options";
import { ConfigError } from "../../../errors/errors";
import { createMutex } from "../../../time/mutex";
import { inTime } from "../../../time/store-call";
import { sealsWith } from "../../encryption-keys";
import type { Seal } from "../../seal";
import type { GrantStore } from "../../store";
import { createLeaseLock } from "../lease-lock";
import { longestLifeMs, twice } from "../record";
import { createGrantDocuments, type GrantDocument } from "./document";
import { createPrivateFile } from "./private-file";

/** Options of `fileGrants()`. */
export interface FileGrantsOptions {
  /** Seal the file with AES-256-GCM: the first encrypts, all decrypt, each at least 32 characters long. */
  encryptionKeys: readonly string[];
}

/**
 * Keeps grants in one file, for scripts, jobs and small apps: exact over all processes of a machine. The file is sealed,
 * its owner's alone (mode 0600) and replaced as a whole; beside it stands, for moments, its lock.
 * @throws {ConfigError} there is no path or no key, a key is too short, or an option is misspelt.
 */
export function fileGrants(path: string, options: FileGrantsOptions): GrantStore {
  const { encryptionKeys } = knownOptions(options, "fileGrants(path, options)", ["encryptionKeys"]);
  const [first, ...others] = sealsWith(encryptionKeys, "file of grants");
  if (typeof path !== "string" || path === "") throw new ConfigError("fileGrants(path, options): path names a file.");
  if (!first) throw new ConfigError("fileGrants(path, { encryptionKeys }) takes at least one key: tokens are sealed.");
  return createFileGrants({ path, seals: [first, ...others] });
}

export interface FileGrantsParts {
  readonly path: string;
  /** The first closes, all open. */
  readonly seals: readonly [Seal, ...Seal[]];
  readonly now?: () => number;
}

type Work<T> = (document: GrantDocument) => T;

export function createFileGrants({ path, seals, now = Date.now }: FileGrantsParts): GrantStore {
  const file = createPrivateFile(path);
  const documents = createGrantDocuments({ path, seals, now });
  const exclusively = createMutex();

  function read<T>(operation: string, work: Work<T>): Promise<T> {
    return limited(operation, async () => work(documents.read(await file.read())));
  }

  /** In this process one after the other, so that they need not all ask for the lock. */
  function change<T>(operation: string, work: Work<T>): Promise<T> {
    return limited(operation, (isOpen) =>
      exclusively("the file", async () => {
        const answers: T[] = [];
        const edit = (text: string | null) => {
          const document = documents.read(text);
          answers.push(work(document));
          return documents.write(document, text);
        };
        await file.change(edit, isOpen);
        return answers.at(-1)!;
      }),
    );
  }

  const taking = {
    async take(operation: string, key: string, lifeMs: number) {
      const owner = randomBytes(16).toString("base64url");
      const { ours } = await change(operation, ({ claims }) => claims.claim(key, owner, lifeMs));
      return ours ? owner : null;
    },
    giveBack: (key: string, owner: string) => change("release a lock", ({ claims }) => claims.giveBack(key, owner)),
  };

  return {
    longestLifeMs,
    check: () => read("read a grant", () => undefined),
    get: (id, link) => read("read a grant", ({ grants }) => grants.get(id, link)),
    create: (grant, lifeMs, link) =>
      change("keep a grant", ({ grants }) => grants.create(grant, twice(lifeMs) / 2, link)),
    replace: (id, expectedVersion, grant) =>
      change("keep a grant", ({ grants }) => grants.replace(id, expectedVersion, grant)),
    prolong: (id, lifeMs, link) =>
      change("prolong a grant", ({ grants }) => grants.prolong(id, twice(lifeMs) / 2, link)),
    delete: (id) => change("delete a grant", ({ grants }) => grants.delete(id)),
    link: (id, link, lifeMs, former) =>
      change("link a session to a grant", ({ grants }) => grants.link(id, link, twice(lifeMs) / 2, former)),
    unlink: (id, link) => change("end a session's link", ({ grants }) => grants.unlink(id, link)),
    idsOf: (app, company) => read("look up a company", ({ grants }) => grants.idsOf(app, company)),
    companies: (app, cursor, limit) => read("list companies", ({ grants }) => grants.companies(app, cursor, limit)),
    claim: (key, owner, ttlMs) => change("claim a sign-in", ({ claims }) => claims.claim(`claim:${key}`, owner, ttlMs)),
    renewClaim: (key, owner, ttlMs) =>
      change("renew a claim", ({ claims }) => claims.renew(`claim:${key}`, owner, ttlMs)),
    settle: (key, outcome, keepMs) =>
      change("keep a sign-in's outcome", ({ claims }) => claims.settle(key, outcome, keepMs)),
    outcome: (key) => read("read a sign-in's outcome", ({ claims }) => claims.outcome(key)),
    withLock: createLeaseLock(taking, (name) => `lock:${name}`),
    records: (kind) => ({
      get: (key) => read("read a record", ({ records }) => records.kind(kind).get(key)),
      put: (key, value, expected) =>
        change("keep a record", ({ records }) => records.kind(kind).put(key, value, expected)),
      delete: (key, version) => change("delete a record", ({ records }) => records.kind(kind).delete(key, version)),
      list: (cursor, limit) => read("list records", ({ records }) => records.kind(kind).list(cursor, limit)),
    }),
  };
}

/** Two seconds at most; what is given up writes nothing any more. What is a setting's fault is said as it is. */
async function limited<T>(operation: string, work: (isOpen: () => boolean) => Promise<T>): Promise<T> {
  let open = true;
  const settled = async () => {
    try {
      return { answer: await work(() => open) };
    } catch (error) {
      if (error instanceof ConfigError) return { error };
      throw error;
    }
  };
  try {
    const done = await inTime(operation, settled, { store: "the file of grants" });
    if ("error" in done) throw done.error;
    return done.answer;
  } finally {
    open = false;
  }
}
