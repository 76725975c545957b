import { randomUUID } from "node:crypto";
import { changesKey, followChanges, type Redis } from "./redis-follower";
import { noFields, SharedStateError, subjects, type Change, type Follower, type SharedState } from "./shared-state";

/** What is written goes to all processes by a stream, as long as the latest so many; who was away loads anew. */
const mostChanges = 2_000;
const answersWithinMs = 2_000;

/** In Redis, for all processes that share it: a hash for each company and subject, and a stream of what is written. */
export function redisState(client: Redis): SharedState {
  const me = randomUUID();
  const followers: Follower[] = [];
  let following: { close(): Promise<void> } | null = null;

  async function write(change: Change): Promise<void> {
    const transaction = client.multi();
    const key = keyOf(change);
    for (const [field, text] of Object.entries(change.fields)) {
      if (text === null) transaction.hDel(key, field);
      else transaction.hSet(key, field, text);
    }
    await soon(transaction.xAdd(changesKey, "*", { change: JSON.stringify(change) }, trimmed).exec());
    // Here at once; it comes by the stream once more, which changes nothing.
    for (const { changed } of followers) changed(change);
  }

  return {
    async load(company) {
      const loaded = noFields();
      const hashes = await soon(Promise.all(subjects.map((subject) => client.hGetAll(keyOf({ company, subject })))));
      for (const [index, subject] of subjects.entries()) loaded[subject] = new Map(Object.entries(hashes[index] ?? {}));
      return loaded;
    },
    write,
    async writeOnce({ company, subject, field, text }) {
      const key = keyOf({ company, subject });
      const first = await soon(client.hSetNX(key, field, text));
      if (!first) return (await soon(client.hGet(key, field))) ?? text;
      await write({ company, subject, fields: { [field]: text } });
      return text;
    },
    async forget(company) {
      const transaction = client.multi();
      for (const subject of subjects) transaction.del(keyOf({ company, subject }));
      await soon(transaction.xAdd(changesKey, "*", { forgotten: company }, trimmed).exec());
      for (const { forgotten } of followers) forgotten(company);
    },
    async lease(name, forMs) {
      const key = `board:lease:${name}`;
      if (await soon(client.set(key, me, { condition: "NX", expiration: { type: "PX", value: forMs } }))) return true;
      return (await soon(client.eval(renewLease, { keys: [key], arguments: [me, String(forMs)] }))) === 1;
    },
    async release(name) {
      await soon(client.eval(endLease, { keys: [`board:lease:${name}`], arguments: [me] }));
    },
    follow(follower) {
      followers.push(follower);
      following ??= followChanges(client.duplicate(), followers);
    },
    async close() {
      await following?.close();
    },
  };
}

const trimmed = { TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: mostChanges } } as const;

const renewLease = `if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end return 0`;
const endLease = `if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0`;

function keyOf({ company, subject }: Pick<Change, "company" | "subject">): string {
  return `board:${company}:${subject}`;
}

/** A Redis that hangs is one that is away: who waits for a page is told so. */
async function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SharedStateError("Redis did not answer in time.")), answersWithinMs);
  });
  try {
    return await Promise.race([work.catch(failed), late]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(cause: unknown): never {
  throw new SharedStateError("Redis could not be used.", { cause });
}
