import { ConfigError, StoreError } from "../errors/errors";
import { watchConnection } from "./disconnection";
import { storeName } from "../redis/client";
import { redisClientOf } from "../redis/send";
import { isRecordKey } from "./records";
import { meansAbsent, type SessionStore } from "./session";
import {
  type CallName,
  callNames,
  storeCalls,
  type TimedCall,
  readOptions,
  type SessionGuardOptions,
} from "./store-timeouts";
import { circuitBreakerOf } from "../time/circuit-breaker";
import { inTime } from "../time/store-call";
import { onComingStoreTime } from "../time/store-time";
import { isInHand } from "./in-hand";
import { putBackOf } from "./own-property";
import { tellStoredEnd } from "./stored-ends";

/**
 * Puts a deadline around every call to a store for express-session:
 * `session({ store: guardSessionStore(new RedisStore({ client })) })`. Without it, a store that hangs (Redis stopped or
 * out of reach) leaves every request without an answer. With it, the request gets a StoreError (503, `Retry-After`), at
 * the latest after `timeoutMs`; `touch`, which holds up a finished answer, has a tenth of that, and its callback is not
 * told that it failed: Express would end the connection, and the visitor's next request with it. Once a wait was in vain,
 * further calls fail at once, but for one every half `timeoutMs` that tries again, until the store answers anybody.
 *
 * A session that is destroyed ends the Aircall grants that it links to, whoever destroys it.
 *
 * It is the same store in all other respects: its further properties and methods, its events and its class. A call that
 * was given up may still take effect later. Without a callback, a call answers a promise, whose rejection may be ignored.
 * @throws {ConfigError} when this is no session store, or an option is impossible.
 */
export function guardSessionStore<Store extends SessionStore>(store: Store, options: SessionGuardOptions = {}): Store {
  if (!isSessionStore(store)) throw new ConfigError("guardSessionStore() takes a store for express-session.");
  const { timeoutMs, maxWaiting } = readOptions(options);
  const silence = circuitBreakerOf(redisClientOf(store) ?? store);
  const shown = storeName(store);
  let waiting = 0;

  /** Whoever ends a session ends the grants it links to, also where no request of its own does it. */
  async function askAfterRelease(name: CallName, inputs: unknown[]): Promise<unknown> {
    const [id] = inputs;
    if (name === "destroy" && typeof id === "string" && !isInHand(id) && !isRecordKey(id)) {
      await tellStoredEnd(proxy, id, () => ask("get", [id]));
    }
    return ask(name, inputs);
  }

  async function ask(name: CallName, inputs: unknown[]): Promise<unknown> {
    const { operation } = storeCalls[name];
    if (silence.keepsAway(timeoutMs / 2)) throw new StoreError(operation, `${shown} has stopped answering`);
    if (waiting >= maxWaiting) throw new StoreError(operation, `${maxWaiting} calls wait for ${shown} already`);
    waiting++;
    try {
      return await answerTo(name, inputs);
    } finally {
      waiting--;
    }
  }

  function answerTo(name: CallName, inputs: unknown[]): Promise<unknown> {
    const { operation, share = 1 }: TimedCall = storeCalls[name];
    const askedAt = performance.now();
    const onSilence = () => share === 1 && silence.waitedInVain(askedAt, timeoutMs / 2);
    return inTime(operation, () => send(name, inputs), { timeoutMs: timeoutMs * share, onSilence, store: shown });
  }

  function send(name: CallName, inputs: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      function answer(error: unknown, value?: unknown): void {
        silence.heardFrom();
        if (!error) resolve(value);
        else if (name === "get" && meansAbsent(error)) resolve(null);
        else reject(error);
      }

      // oxlint-disable-next-line typescript/require-await -- what is thrown and what is rejected become one
      const call = async () => methodOf(store, name)?.apply(store, [...inputs, answer]);
      call().catch((error: unknown) => answer(error ?? "rejected"));
    });
  }

  const guarded = new Map<PropertyKey, Method>();
  for (const name of callNames) {
    if (methodOf(store, name)) guarded.set(name, byCallback(name, askAfterRelease));
  }
  const proxy = sameInAllElse(store, guarded);
  guardedMethods.set(proxy, guarded);
  return proxy;
}

/** Not a copy: the store's events, private fields and later changes stay one with the original's. */
function sameInAllElse<Store extends object>(store: Store, guarded: ReadonlyMap<PropertyKey, Method>): Store {
  const onStore = new Map<Method, Method>();

  function boundToStore(name: PropertyKey, method: Method): Method {
    const bound = onStore.get(method) ?? bind(name, method);
    onStore.set(method, bound);
    return bound;
  }

  function bind(name: PropertyKey, method: Method): Method {
    return function (...args) {
      if (name === "on" && args[0] === "disconnect") watchConnection(store);
      const answer = method.apply(store, args);
      return answer === store ? proxy : answer;
    };
  }

  const proxy: Store = new Proxy(store, {
    get(_target, name) {
      const found: unknown = Reflect.get(store, name);
      return guarded.get(name) ?? (isMethodOfClass(store, name, found) ? boundToStore(name, found) : found);
    },
    set: (_target, name, value) => Reflect.set(store, name, value),
  });
  return proxy;
}

/**
 * A method that may use private fields of its class, which no proxy has. Those of express-session's own Store call what is
 * guarded, and so go through the guard.
 */
function isMethodOfClass(store: object, name: PropertyKey, value: unknown): value is Method {
  if (!isMethod(value) || name === "constructor") return false;
  let owner: object | null = store;
  while (owner && !Object.hasOwn(owner, name)) owner = Reflect.getPrototypeOf(owner);
  return owner !== store && !(owner && ofBaseStore.every((method) => Object.hasOwn(owner, method)));
}

const ofBaseStore = ["regenerate", "load", "createSession"];

const guardedMethods = new WeakMap<object, Map<PropertyKey, Method>>();

/** Runs `act` with another `destroy` in place of a store's own, guarded or not. */
export function withDestroy(store: object, destroy: Method, act: () => void): void {
  const putBack = replaceDestroy(store, destroy);
  try {
    act();
  } finally {
    putBack();
  }
}

/** Answers what puts the store's own back. */
function replaceDestroy(store: object, destroy: Method): () => void {
  const guarded = guardedMethods.get(store);
  const own = guarded?.get("destroy");
  if (guarded && own) {
    guarded.set("destroy", destroy);
    return () => void guarded.set("destroy", own);
  }
  const putBack = putBackOf(store, "destroy");
  Reflect.defineProperty(store, "destroy", { configurable: true, writable: true, value: destroy });
  return putBack;
}

type Method = (...args: unknown[]) => unknown;

function byCallback(name: CallName, ask: (name: CallName, inputs: unknown[]) => Promise<unknown>): Method {
  const { inputs } = storeCalls[name];

  return function guarded(...args) {
    const callback = args[inputs];
    if (typeof callback !== "function") return silenced(ask(name, args.slice(0, inputs)));
    onComingStoreTime(() => {
      // On the next tick, what the callback throws is its own and not mistaken for the store's.
      ask(name, args.slice(0, inputs)).then(
        (value) => process.nextTick(callback, null, value),
        (error) => process.nextTick(callback, name === "touch" ? null : error),
      );
    });
    return undefined;
  };
}

/** Nobody has to mind its rejection. */
function silenced<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  return answer;
}

function isSessionStore(store: unknown): boolean {
  const needed: CallName[] = ["get", "set", "destroy"];
  return typeof store === "object" && store !== null && needed.every((name) => methodOf(store, name));
}

function methodOf(store: object, name: CallName): Method | null {
  const method: unknown = Reflect.get(store, name);
  return isMethod(method) ? method : null;
}

function isMethod(value: unknown): value is Method {
  return typeof value === "function";
}
