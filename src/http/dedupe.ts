import { TimeoutError } from "../errors/errors";
import { Cancellation } from "../time/cancel";
import type { Deadline } from "../time/deadline";
import { createCache } from "./cache";
import { Flights } from "./flights";
import type { Answered } from "./response";
import type { ServedFrom } from "./telemetry";
import { Trail } from "./trail";

/** One caller of a request, who may wait for that of another. */
export interface Seat {
  /** Ends the caller's waiting, and the flight that it began. */
  readonly stop: Cancellation;
  /** Of the request that it waits for. */
  trail: Trail;
  source: ServedFrom;
  /** What the caller gets: others who want the same wait for it too. */
  answer: Promise<Answered> | null;
  flight: Flight | null;
}

/** One request under way that several callers wait for. */
interface Flight {
  readonly key: string;
  /** What the answer depends on. */
  readonly answerKey: string;
  /** Null once it has landed. */
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

interface Wanted {
  readonly keys: FlightKeys;
  /** How old a kept answer may be; with 0 none is looked for, nor kept. */
  readonly cacheMs: number;
  /** Whether a kept answer will do. Default: it will. */
  readonly reusable?: ((kept: Answered) => boolean) | undefined;
  /** The caller's own. */
  readonly deadline: Deadline;
}

/** Answers of GET requests for more than one caller: those under way, and those that some call asked to keep. */
export interface Dedupe {
  /** An answer that is kept, or that of a request under way, or else what `send` brings. */
  read(seat: Seat, wanted: Wanted, send: () => Promise<Answered>): Promise<Answered>;
  /** One caller less; a flight without any ends. */
  leave(seat: Seat, reason: unknown): void;
  /** After a write: nothing read before it is handed out again to those of this grant. */
  forget(grant: string): void;
}

export function createSeat({ acts }: { readonly acts: boolean }): Seat {
  return { stop: new Cancellation(), trail: new Trail({ acts }), source: "aircall", answer: null, flight: null };
}

export function createDedupe(now: () => number = Date.now): Dedupe {
  const flights = new Flights<Flight>();
  const cache = createCache(now);

  function begin({ stop, trail, answer }: Seat, keys: FlightKeys): Flight {
    const { flight: key, answer: answerKey } = keys;
    const flight: Flight = { key, answerKey, answer, stop, trail, callers: 1, outdated: false };
    flights.add(flight);
    answer?.then(
      (answered) => {
        land(flight);
        answered.sharedBy(flight.callers);
      },
      () => land(flight),
    );
    return flight;
  }

  function land(flight: Flight): void {
    flights.delete(flight);
    flight.answer = null;
  }

  return {
    async read(seat, { keys, cacheMs, reusable, deadline }, send) {
      for (;;) {
        const kept = cacheMs > 0 && cache.get(keys.answer, cacheMs);
        if (kept && reusable?.(kept) !== false) {
          seat.source = "kept";
          return kept;
        }
        const running = flights.get(keys.flight);
        const flight = running ?? begin(seat, keys);
        seat.flight = flight;
        seat.trail = flight.trail;
        seat.source = running ? "shared" : "aircall";
        try {
          const answered = await (running ? join(running) : send());
          if (cacheMs > 0 && !flight.outdated) cache.set(keys.answer, answered);
          return answered;
        } catch (error) {
          // The deadline of whoever began the flight was over, and this caller's is not.
          if (!(running && error instanceof TimeoutError && deadline.remainingMs() > 0)) throw error;
        }
      }
    },
    leave({ flight, stop }, reason) {
      if (flight) {
        flight.callers -= 1;
        if (flight.callers <= 0) {
          land(flight);
          flight.stop.stop(reason);
        }
      }
      if (flight?.stop !== stop) stop.stop(reason);
    },
    forget(grant) {
      for (const flight of flights.all()) {
        if (!flight.answerKey.startsWith(`${grant} `)) continue;
        flight.outdated = true;
        land(flight);
      }
      cache.forget(`${grant} `);
    },
  };
}

/** The answer of a flight under way, for one caller more. */
function join(flight: Flight): Promise<Answered> {
  flight.callers += 1;
  return flight.answer!;
}
