import type { Answered } from "./response";
import { createCache } from "./cache";
import type { Cancellation } from "../time/cancel";
import type { Trail } from "./trail";

/** One request under way that several callers wait for. */
export interface Flight {
  readonly keys: FlightKeys;
  /** Null once it has landed: a map's outgrown tables hold on to their flights until the next full garbage collection. */
  answer: Promise<Answered> | null;
  /** Ends it, once nobody waits any more. */
  readonly stop: Cancellation;
  readonly trail: Trail;
  callers: number;
  /** Something was written since it began: what it brings is not for those who come later. */
  outdated: boolean;
}

export interface FlightKeys {
  /** Grant and URL, with a blank between: what the answer depends on. */
  readonly answer: string;
  /** The same and how it is asked for: with the same deadline, retries and lane. */
  readonly flight: string;
}

/** Answers of GET requests for more than one caller: those under way, and those that some call asked to keep. */
export interface Dedupe {
  underWay(keys: FlightKeys): Flight | undefined;
  begin(flight: Pick<Flight, "keys" | "stop" | "trail"> & { readonly answer: Promise<Answered> }): Flight;
  /** One caller less; a flight without any ends. */
  leave(flight: Flight, reason: unknown): void;
  /** Not older than `cacheMs`. */
  kept(keys: FlightKeys, cacheMs: number): Answered | undefined;
  keep(flight: Flight, answered: Answered): void;
  /** After a write: nothing read before it is handed out again to those of this grant. */
  forget(grant: string): void;
}

export function createDedupe(now: () => number = Date.now): Dedupe {
  const flights = new Map<string, Flight>();
  const kept = createCache(now);

  function land(flight: Flight): void {
    if (flights.get(flight.keys.flight) === flight) flights.delete(flight.keys.flight);
    flight.answer = null;
  }

  return {
    underWay: ({ flight }) => flights.get(flight),
    begin({ answer, ...own }) {
      const flight: Flight = { ...own, answer, callers: 1, outdated: false };
      flights.set(flight.keys.flight, flight);
      answer.then(
        (answered) => {
          land(flight);
          answered.sharedBy(flight.callers);
        },
        () => land(flight),
      );
      return flight;
    },
    leave(flight, reason) {
      flight.callers -= 1;
      if (flight.callers > 0) return;
      land(flight);
      flight.stop.stop(reason);
    },
    kept: ({ answer }, cacheMs) => kept.get(answer, cacheMs),
    keep({ keys, outdated }, answered) {
      if (!outdated) kept.set(keys.answer, answered);
    },
    forget(grant) {
      for (const flight of flights.values()) {
        if (!flight.keys.answer.startsWith(`${grant} `)) continue;
        flight.outdated = true;
        land(flight);
      }
      kept.forget(`${grant} `);
    },
  };
}
