import { isDeepStrictEqual } from "node:util";
import { type DispatcherLike, isDispatcher } from "../../config/values";
import { propertyOf } from "../../errors/property";

/** Where undici keeps the one of the whole process; from its version 8 on in both, wrapped in the first. */
const places = [Symbol.for("undici.globalDispatcher.1"), Symbol.for("undici.globalDispatcher.2")] as const;

type Fetch = typeof globalThis.fetch;
let judgedFetch: { readonly fetch: Fetch; readonly ofNode: boolean } | undefined;

/**
 * The global fetch where it is not Node's own: another runtime's, or what MSW, nock or a test has put in its place.
 * Node's says in its source where in Node it comes from. Null too where there is none, as jest's `jsdom` has it and
 * Node's `--no-experimental-fetch`.
 */
export function foreignFetch(): Fetch | null {
  const { fetch }: { fetch?: Fetch } = globalThis;
  if (!fetch) return null;
  if (judgedFetch?.fetch !== fetch) judgedFetch = { fetch, ofNode: String(fetch).includes("internal/deps/undici") };
  return judgedFetch.ofNode ? null : fetch;
}

let judged: readonly [first: unknown, second: unknown, found: DispatcherLike | null] = [undefined, undefined, null];

/** What `setGlobalDispatcher` or Node itself, for the environment's proxy, has set; null where that is undici's default. */
export function globalDispatcher(): DispatcherLike | null {
  const [first, second] = [propertyOf(globalThis, places[0]), propertyOf(globalThis, places[1])];
  if (first !== judged[0] || second !== judged[1]) {
    const found = [first, second].filter(isDispatcher).find((one) => !isWrapper(one) && !isPlainAgent(one));
    judged = [first, second, found ?? null];
  }
  return judged[2];
}

/** Whether it wraps the dispatcher that stands in the other place. Minifiers change the names of classes, not of methods. */
function isWrapper({ constructor }: object): boolean {
  return typeof propertyOf(constructor, "wrapHandler") === "function";
}

/** Whether nobody has said anything of how it should work. */
function isPlainAgent(agent: DispatcherLike): boolean {
  const Agent = agent.constructor;
  if (!hasPartsOfAgent(agent) || ancestorsOf(agent) !== ancestorsOfAgent) return false;
  const untouched: unknown = Reflect.construct(Agent, []);
  return (
    agent.dispatch === propertyOf(untouched, "dispatch") &&
    ["options", "factory", "dispatch interceptors"].every((name) =>
      isDeepStrictEqual(kept(agent, name), kept(untouched, name)),
    )
  );
}

function hasPartsOfAgent(agent: object): boolean {
  return kept(agent, "clients") instanceof Map && ["options", "factory"].every((name) => kept(agent, name));
}

/** Agent, DispatcherBase, Dispatcher, and Node's EventEmitter and Object: pools, and classes of the app's, have more. */
const ancestorsOfAgent = 5;

function ancestorsOf(value: object): number {
  const parent: unknown = Object.getPrototypeOf(value);
  return typeof parent === "object" && parent !== null ? 1 + ancestorsOf(parent) : 0;
}

/** What undici keeps in an object under a symbol of its own. */
export function kept(holder: unknown, name: string): unknown {
  const symbols = typeof holder === "object" && holder !== null ? Object.getOwnPropertySymbols(holder) : [];
  const symbol = symbols.find(({ description }) => description === name);
  return symbol && propertyOf(holder, symbol);
}
