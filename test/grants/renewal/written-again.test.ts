import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { memoryGrants } from "express-aircall";
import type { Grant } from "../../../src/grants/grant";
import { createPendingWrites } from "../../../src/grants/renewal/pending-writes";
import { newGrant, start } from "../../support/grants";

const tokens = { accessToken: "access-1", refreshToken: "refresh-1", expiresAt: null, obtainedAt: new Date(start) };
const channel = "express-aircall:write-failure";

/** A grant whose tokens were spent, and a store that fails to write as often as it is told to. */
async function opened(failures = 0, sleep?: (ms: number) => Promise<unknown>) {
  const store = memoryGrants();
  const id = await store.create(newGrant(), 86_400_000);
  const spent = (await store.get(id))!;
  const replace = store.replace.bind(store);
  const state = { failures, writes: 0 };
  store.replace = (...given) => {
    state.writes += 1;
    return state.failures-- > 0 ? Promise.reject(new Error("READONLY")) : replace(...given);
  };
  const pending = createPendingWrites(store, sleep && { sleep });
  return { store, id, spent, state, pending, write: () => pending.write(id, { spent, tokens }) };
}

const never = () => new Promise<never>(() => undefined);

describe("new tokens", () => {
  it("are written at once, and nothing waits", async () => {
    const { store, id, pending, write } = await opened();
    const written = { ...(await store.get(id))!, ...tokens, version: 2 };
    expect([await write(), await store.get(id)]).toEqual([written, written]);
    expect(pending.retry(id)).toBeUndefined();
    await expect(pending.settled(id, 60_000)).resolves.toBeUndefined();
    await expect(pending.close()).resolves.toBeUndefined();
  });

  it.each<[string, Partial<Grant>]>([
    ["another token", { accessToken: "sibling" }],
    ["another refresh token", { refreshToken: "sibling" }],
  ])("give way to %s that was written meanwhile", async (_, changes) => {
    const { store, id, spent, write } = await opened();
    await store.replace(id, 1, { ...spent, ...changes });
    expect([await write(), await store.get(id)]).toEqual(Array(2).fill({ ...spent, ...changes, version: 2 }));
  });

  it("are tried twenty times where others are always faster", async () => {
    const { store, write } = await opened(0, never);
    let tries = 0;
    store.replace = () => Promise.resolve((tries += 1) > 20);
    await expect(write()).rejects.toThrow("Could not keep a grant: others were always faster");
    expect(tries).toBe(20);
  });

  it("tell of each attempt that failed, and once they are written of no more", async () => {
    const told: unknown[] = [];
    const listen = (message: unknown) => void told.push(message);
    subscribe(channel, listen);
    const { id, pending, write } = await opened(3, never);
    await expect(write()).rejects.toThrow("READONLY");
    for (let turn = 0; turn < 2; turn += 1) await expect(pending.retry(id)).rejects.toThrow("READONLY");
    expect(await pending.retry(id)).toMatchObject({ accessToken: "access-1", version: 2 });
    unsubscribe(channel, listen);
    expect([told, pending.retry(id)]).toEqual([[{ attempt: 1 }, { attempt: 2 }, { attempt: 3 }], undefined]);
  });

  it("are waited for as all close", async () => {
    const { store, id, pending, write } = await opened(1, never);
    await expect(write()).rejects.toThrow("READONLY");
    const get = store.get.bind(store);
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    store.get = async (...given) => (await answered, get(...given));
    const closed = pending.close().then(() => get(id));
    await new Promise(setImmediate);
    answer();
    expect(await closed).toMatchObject({ accessToken: "access-1" });
  });
});
