import { randomUUID } from "node:crypto";
import { sha256 } from "../../config/sha256";
import type { Redis } from "../../redis/client";
import { callOf, progressOf, type Progress } from "../call-progress";
import type { EventJson } from "../event";

/** The lease on a call: a process that is killed keeps it for this long. */
const leaseMs = 15_000;
const renewEveryMs = 5_000;
const rememberedMs = 86_400_000;

export interface CallTurn {
  /** Whether an event of a later state of the call has begun before this one. */
  readonly late: boolean;
  leave(): Promise<void>;
}

/** Keeps the events of one call apart, over all processes. `queue` is what its keys begin with. */
export interface CallTurns {
  /** Null while another event of the same call is being handled. @throws {StoreError} Redis does not answer. */
  take(event: EventJson): Promise<CallTurn | null>;
}

const nothingSaid: Progress = { status: -1, step: -1 };
const ofNoCall: CallTurn = { late: false, leave: () => Promise.resolve() };

export function createCallTurns(redis: Redis, queue: string): CallTurns {
  return {
    async take(event) {
      const call = callOf(event);
      if (call === null) return ofNoCall;
      const keys = keysOf(queue, call);
      const owner = randomUUID();
      const { status, step } = progressOf(event) ?? nothingSaid;
      const taken = await redis.run("begin with an event", {
        ...{ script: takeScript, keys, args: [owner, leaseMs, status, step, rememberedMs], writes: true },
        undo: () => leave(keys, owner),
      });
      if (taken === "busy") return null;
      const renew = () => redis.run("go on with an event", { script: renewScript, keys, args: [owner, leaseMs] });
      const renewal = setInterval(() => void renew().catch(ignore), renewEveryMs).unref();
      return {
        late: taken === "late",
        async leave() {
          clearInterval(renewal);
          await leave(keys, owner).catch(ignore);
        },
      };
    },
  };

  async function leave(keys: readonly string[], owner: string): Promise<void> {
    await redis.run("end an event", { script: leaveScript, keys, args: [owner] });
  }
}

/** Both keys have one hash tag, and so one slot of a cluster. */
function keysOf(queue: string, call: string): readonly string[] {
  const key = `${queue}:call:{${sha256(call)}}`;
  return [`${key}:turn`, `${key}:progress`];
}

/**
 * Takes the lease, and does what `isLater` and `latestOf` do: how far the call has come is written before the handler
 * runs, for its process may be killed after that. Idempotent: the second time it finds its own lease, and answers alike.
 */
const takeScript = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'busy'
end
local status, step = tonumber(ARGV[3]), tonumber(ARGV[4])
if status < 0 then return 'in order' end
local knownStatus, knownStep = string.match(redis.call('GET', KEYS[2]) or '', '^(%S+) (%S+)$')
if knownStatus then
  knownStatus, knownStep = tonumber(knownStatus), tonumber(knownStep)
  if knownStatus > status or (knownStatus == status and step >= 0 and knownStep > step) then return 'late' end
  if knownStatus == status then step = math.max(step, knownStep) end
end
redis.call('SET', KEYS[2], status .. ' ' .. step, 'PX', ARGV[5])
return 'in order'`;

const renewScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;

const leaveScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

function ignore(): void {}
