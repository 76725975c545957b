import { MemoryStore, type Store } from "express-session";

type Behaviour = Partial<Pick<MemoryStore, "get" | "set" | "touch" | "destroy" | "all" | "length" | "clear">>;

/** A MemoryStore, but for what it does otherwise. */
export function storeThat(behaviour: Behaviour): MemoryStore {
  return Object.assign(new MemoryStore(), behaviour);
}

/** Writes down what a store is asked, in order. */
export function watched<S extends Store>(store: S): { store: S; asked: string[] } {
  const asked: string[] = [];
  for (const name of ["get", "set", "touch", "destroy"] as const) {
    const method = (store as MemoryStore)[name].bind(store) as (...args: unknown[]) => unknown;
    Object.assign(store, { [name]: (...args: unknown[]) => (asked.push(name), method(...args)) });
  }
  return { store, asked };
}
