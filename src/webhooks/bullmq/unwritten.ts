import { has, type RedisClient } from "../../redis/send";
import { sleep } from "../../time/sleep";
import type { EventJson } from "../event";

/** With `appendfsync everysec` Redis may put off its writing by two seconds; a failover loses what was under way. */
const unwrittenMs = 5_000;
const mostEvents = 2_000;
/** Enough for a Redis that has restarted, and loads its file first. */
const tries = 60;
const betweenTriesMs = 1_000;

/** The events that Redis has accepted, and may lose when it is killed. */
export interface Unwritten {
  note(json: EventJson): void;
  close(): void;
}

/**
 * Keeps the events of the last seconds, up to the last one that Redis has taken, and gives them again each time the client
 * has a new connection: those that Redis still has are deduplicated.
 */
export function createUnwritten(connection: RedisClient, give: (json: EventJson) => Promise<unknown>): Unwritten {
  const recent: { readonly json: EventJson; readonly at: number }[] = [];
  let connections = 0;
  let closed = false;

  async function giveAll(): Promise<void> {
    const own = (connections += 1);
    const left = recent.map(({ json }) => json);
    for (let tried = 0; tried < tries && left.length > 0; tried += 1) {
      if (tried > 0) await sleep(betweenTriesMs);
      while (left.length > 0) {
        if (closed || own !== connections) return;
        if (!(await given(left[0]!))) break;
        left.shift();
      }
    }
  }

  function given(json: EventJson): Promise<boolean> {
    return give(json).then(
      () => true,
      () => false,
    );
  }

  const onReady = () => void giveAll();
  const telling = isTelling(connection) ? connection : null;
  telling?.on("ready", onReady);

  return {
    note(json) {
      const at = performance.now();
      recent.push({ json, at });
      while (recent.length > mostEvents || at - recent[0]!.at > unwrittenMs) recent.shift();
    },
    close() {
      closed = true;
      telling?.off("ready", onReady);
    },
  };
}

/** Both families tell of a new connection in this way; a cluster of node-redis tells of none. */
interface Telling {
  on(event: "ready", heard: () => void): unknown;
  off(event: "ready", heard: () => void): unknown;
}

function isTelling(connection: object): connection is Telling {
  return has(connection, "on") && has(connection, "off");
}
