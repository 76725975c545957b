import type { Asker } from "../http/limiter";

/** What stands in line. */
interface Waiting {
  readonly asker: Asker;
}

/**
 * Those who wait in one lane. Sessions take turns, the requests of a session take turns in it, and of one request goes
 * what came first. One that gives up leaves at once, wherever it stands.
 */
export class RoundRobin<T extends Waiting> {
  // A Map remembers the order; who has had a permit is put at its end.
  readonly #sessions = new Map<unknown, Session<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(waiter: T): void {
    const key = sessionOf(waiter.asker);
    const session = this.#sessions.get(key) ?? { size: 0, requests: new Map<Asker, Set<T>>() };
    const request = session.requests.get(waiter.asker) ?? new Set();
    this.#sessions.set(key, session);
    session.requests.set(waiter.asker, request.add(waiter));
    session.size += 1;
    this.#size += 1;
  }

  delete(waiter: T): void {
    const key = sessionOf(waiter.asker);
    const session = this.#sessions.get(key);
    const request = session?.requests.get(waiter.asker);
    if (!session || !request?.delete(waiter)) return;
    session.size -= 1;
    this.#size -= 1;
    if (request.size === 0) session.requests.delete(waiter.asker);
    if (session.size === 0) this.#sessions.delete(key);
  }

  /** It is about to leave with a permit: next are another request of its session, and other sessions. */
  rotate({ asker }: T): void {
    const session = toEnd(this.#sessions, sessionOf(asker));
    if (session) toEnd(session.requests, asker);
  }

  first(): T | undefined {
    const session = first(this.#sessions.values());
    const request = session && first(session.requests.values());
    return request && first(request);
  }

  /** How many would go before a newcomer. */
  aheadOf(asker: Asker): number {
    const key = sessionOf(asker);
    const session = this.#sessions.get(key);
    const inSession = session ? aheadAmong(session.requests, asker, session.requests.get(asker)?.size ?? 0) : 0;
    return aheadAmong(this.#sessions, key, inSession);
  }

  /** In the order in which they would go. */
  [Symbol.iterator](): Iterator<T> {
    return inTurn([...this.#sessions.values()].map(({ requests }) => inTurn(requests.values())));
  }
}

interface Session<T> {
  size: number;
  readonly requests: Map<Asker, Set<T>>;
}

function sessionOf(asker: Asker): unknown {
  return asker.session ?? asker;
}

function toEnd<K, V>(queues: Map<K, V>, key: K): V | undefined {
  const queue = queues.get(key);
  queues.delete(key);
  if (queue !== undefined) queues.set(key, queue);
  return queue;
}

function first<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}

/** Before one that has `inOwn` others before it in its own queue. */
function aheadAmong<K>(queues: ReadonlyMap<K, { readonly size: number }>, own: K, inOwn: number): number {
  let ahead = inOwn;
  let rounds = inOwn + 1;
  for (const [key, { size }] of queues) {
    if (key === own) rounds = inOwn;
    else ahead += Math.min(size, rounds);
  }
  return ahead;
}

/** The first of each, then the second of each, and so on. */
function* inTurn<T>(queues: Iterable<Iterable<T>>): Generator<T> {
  let left = Array.from(queues, (queue) => queue[Symbol.iterator]());
  while (left.length > 0) {
    const going = left;
    left = [];
    for (const queue of going) {
      const next = queue.next();
      if (next.done) continue;
      left.push(queue);
      yield next.value;
    }
  }
}
