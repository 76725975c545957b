import type { GrantStore } from "../grants/store";

/** By store, for the whole process: one that was found well is not asked again. */
const checks = new WeakMap<GrantStore, Promise<void>>();

/** @throws {ConfigError} when this store may not do all that it needs; a StoreError when it failed. */
export async function checkOnce(store: GrantStore): Promise<void> {
  const known = checks.get(store) ?? store.check?.();
  if (!known) return;
  checks.set(store, known);
  try {
    await known;
  } catch (error) {
    checks.delete(store);
    throw error;
  }
}
