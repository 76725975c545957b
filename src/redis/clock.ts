import { readClock } from "./scripts";

const askAgainAfterMs = 600_000;
const soonMs = 100;

/** Says in the time of Redis what is soon, so that a write can be told until when it may be done. */
export interface RedisClock {
  /** Epoch milliseconds by the clock of Redis, this far from now. The first call asks it, then one every ten minutes. */
  in(ms: number, key: string): Promise<number>;
  /** It was wrong: another server answers now, or its clock was set. */
  forget(): void;
}

/** `ask` sends a script to the server that holds `key`; `now` is monotonic, in milliseconds. */
export function createRedisClock(
  ask: (script: string, key: string) => Promise<unknown>,
  now: () => number,
): RedisClock {
  let asked: Promise<number> | undefined;
  let askedAt = 0;

  /**
   * How far ahead the clock of Redis is: too little by what the answer took on its way back, and so it is kept only where
   * it came soon. Too much would let a write land that was given up.
   */
  async function readLead(key: string): Promise<number> {
    const sentAt = now();
    const time = Number(await ask(readClock, key));
    const answeredAt = now();
    if (answeredAt - sentAt > soonMs) asked = undefined;
    return time - answeredAt;
  }

  function askAnew(key: string): Promise<number> {
    askedAt = now();
    const asking = readLead(key);
    asking.catch(() => (asked = undefined));
    return (asked = asking);
  }

  return {
    async in(ms, key) {
      const known = now() - askedAt < askAgainAfterMs ? asked : undefined;
      const leadMs = await (known ?? askAnew(key));
      return Math.floor(leadMs + now() + ms);
    },
    forget: () => (asked = undefined),
  };
}
