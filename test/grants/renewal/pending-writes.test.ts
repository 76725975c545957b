import { StoreError } from "../../../src/errors/errors";
import type { GrantStore } from "../../../src/grants/store";
import { patient } from "../../support/grants";
import { startRenewingApp } from "../../support/apps/renewing-app";
import { rotatingTokens } from "../../support/servers/token-server";

const anHour = 3_600_000;

/** A store that can be told to refuse writes, with the one it wraps. */
function unwilling() {
  const state = { refuses: true, writes: 0 };
  const wrapStore = (store: GrantStore): GrantStore => ({
    ...store,
    replace(...args) {
      state.writes += 1;
      return state.refuses ? Promise.reject(new StoreError("keep a grant", "READONLY")) : store.replace(...args);
    },
  });
  return { state, wrapStore };
}

/** Pauses that end when they are told to. */
function pauses() {
  const asked: number[] = [];
  let end = (): void => undefined;
  const sleep = (ms: number) => new Promise<void>((resolve) => (asked.push(ms), (end = resolve)));
  return { asked, sleep, end: () => end() };
}

describe("new tokens that the store would not take", () => {
  let app: Awaited<ReturnType<typeof startRenewingApp>>;

  afterEach(() => app.close());

  it("are written as soon as it does, although nobody asks for them", async () => {
    const { state, wrapStore } = unwilling();
    const pause = pauses();
    app = await startRenewingApp({ answer: rotatingTokens(), wrapStore, sleep: pause.sleep });
    app.clock.pass(anHour);
    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "store_failed" });

    state.refuses = false;
    pause.end();
    await until(() => state.writes === 2);

    expect(await app.store.get(app.id)).toMatchObject({ accessToken: "access-1", refreshToken: "refresh-1" });
    expect(app.server.requests).toHaveLength(1);
  });

  it("are tried again after pauses that double up to five seconds", async () => {
    const { state, wrapStore } = unwilling();
    const pause = pauses();
    app = await startRenewingApp({ answer: rotatingTokens(), wrapStore, sleep: pause.sleep });
    app.clock.pass(anHour);
    await expect(app.tokens().credential(patient)).rejects.toThrow();

    for (let n = 1; n <= 8; n += 1) {
      await until(() => pause.asked.length === n);
      pause.end();
    }
    expect(pause.asked).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    state.refuses = false;
  });

  it("are waited for by close, which tries at once", async () => {
    const { state, wrapStore } = unwilling();
    app = await startRenewingApp({ answer: rotatingTokens(), wrapStore, sleep: pauses().sleep });
    app.clock.pass(anHour);
    await expect(app.tokens().credential(patient)).rejects.toThrow();

    state.refuses = false;
    await app.renewals.close();

    expect(await app.store.get(app.id)).toMatchObject({ accessToken: "access-1" });
  });

  it("keep everybody else's turn away, so that the spent token is not sent again", async () => {
    const { state, wrapStore } = unwilling();
    const pause = pauses();
    app = await startRenewingApp({ answer: rotatingTokens(), wrapStore, sleep: pause.sleep });
    app.clock.pass(anHour);
    await expect(app.tokens().credential(patient)).rejects.toThrow();

    let mayRead = false;
    const sibling = app.store.withLock(app.id, () => (expect(mayRead).toBe(true), app.store.get(app.id)));
    await new Promise(setImmediate);
    [mayRead, state.refuses] = [true, false];
    pause.end();

    expect(await sibling).toMatchObject({ accessToken: "access-1" });
  });

  it("bring a grant back that somebody declared dead because its old token was spent", async () => {
    const { state, wrapStore } = unwilling();
    app = await startRenewingApp({ answer: rotatingTokens(), wrapStore, sleep: pauses().sleep });
    app.clock.pass(anHour);
    await expect(app.tokens().credential(patient)).rejects.toThrow();
    state.refuses = false;
    const stored = await app.store.get(app.id);
    await app.store.replace(app.id, 1, { ...stored!, state: "ended" });

    await app.renewals.close();

    expect(await app.store.get(app.id)).toMatchObject({ accessToken: "access-1", state: "active", version: 3 });
  });

  it.each(["logged out", "connected again"])("are dropped when the visitor has %s meanwhile", async (how) => {
    const { state, wrapStore } = unwilling();
    app = await startRenewingApp({ answer: rotatingTokens(), wrapStore, sleep: pauses().sleep });
    app.clock.pass(anHour);
    await expect(app.tokens().credential(patient)).rejects.toThrow();
    state.refuses = false;
    const stored = await app.store.get(app.id);
    if (how === "logged out") await app.store.delete(app.id);
    else await app.store.replace(app.id, 1, { ...stored!, accessToken: "fresh", refreshToken: "another" });

    await app.renewals.close();

    const after = await app.store.get(app.id);
    expect(after?.accessToken).toBe(how === "logged out" ? undefined : "fresh");
  });
});

describe("close", () => {
  it("waits no longer than twenty seconds for a store that never takes them", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask"] });
    const { wrapStore } = unwilling();
    const app = await startRenewingApp({ answer: rotatingTokens(), wrapStore, sleep: pauses().sleep });
    app.clock.pass(anHour);
    await expect(app.tokens().credential(patient)).rejects.toThrow();

    const closed = app.renewals.close();
    await jest.advanceTimersByTimeAsync(20_000);

    await expect(closed).resolves.toBeUndefined();
    jest.useRealTimers();
    await app.server.close();
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
