import { randomUUID } from "node:crypto";
import { sha256 } from "../../config/sha256";
import type { Redis } from "../../redis/client";
import { callOf, isLater, latestOf, progressOf, type Progress } from "../call-progress";
import type { EventJson } from "../event";

/** A process that ends without a word holds its calls for this long. */
const leaseMs = 15_000;
const renewEveryMs = 5_000;
const rememberedMs = 86_400_000;

export interface CallTurn {
  /** A later state of the call was begun with before. */
  readonly late: boolean;
  leave(): Promise<void>;
}

/** Keeps the events of one call apart, over all processes. `queue` is what its keys begin with. */
export interface CallTurns {
  /** Null while another event of the same call is at work. @throws {StoreError} Redis does not answer. */
  take(event: EventJson): Promise<CallTurn | null>;
}

const ofNoCall: CallTurn = { late: false, leave: () => Promise.resolve() };

export function createCallTurns(redis: Redis, queue: string): CallTurns {
  return {
    async take(event) {
      const call = callOf(event);
      if (call === null) return ofNoCall;
      const keys = keysOf(queue, call);
      const owner = randomUUID();
      const taken = await redis.run("begin with an event", {
        ...{ script: takeScript, keys, args: [owner, leaseMs], writes: true },
        undo: () => leave(keys, owner, null),
      });
      if (!Array.isArray(taken)) return null;
      const known = readProgress(taken[0]);
      const own = progressOf(event);
      const reached = own && (known ? latestOf(known, own) : own);
      const renew = () => redis.run("go on with an event", { script: renewScript, keys, args: [owner, leaseMs] });
      const renewal = setInterval(() => void renew().catch(ignore), renewEveryMs).unref();
      return {
        late: own !== null && known !== null && isLater(known, own),
        async leave() {
          clearInterval(renewal);
          await leave(keys, owner, reached).catch(ignore);
        },
      };
    },
  };

  async function leave(keys: readonly string[], owner: string, reached: Progress | null): Promise<void> {
    const progress = reached ? `${reached.status} ${reached.step}` : "";
    await redis.run("end an event", { script: leaveScript, keys, args: [owner, progress, rememberedMs] });
  }
}

/** Of one hash tag, and so of one slot. */
function keysOf(queue: string, call: string): readonly string[] {
  const key = `${queue}:call:{${sha256(call)}}`;
  return [`${key}:turn`, `${key}:progress`];
}

function readProgress(text: unknown): Progress | null {
  if (typeof text !== "string" || text === "") return null;
  const [status = 0, step = -1] = text.split(" ").map(Number);
  return { status, step };
}

/** Sent twice, the second finds its own. */
const takeScript = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return { redis.call('GET', KEYS[2]) or '' }`;

const renewScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;

/** Who has lost the turn meanwhile says nothing of the call either. */
const leaveScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end
return redis.call('DEL', KEYS[1])`;

function ignore(): void {}
