import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { memoryGrants } from "express-aircall";
import type { Grant } from "../../../src/grants/grant";
import { createVerdicts } from "../../../src/grants/renewal/verdict";
import { createClock, newGrant, start } from "../../support/grants";

const channels = ["express-aircall:suspension", "express-aircall:recovery"];
const aMinuteMs = 60_000;

let told: unknown[];
const listen = (message: unknown, name: string | symbol) => void told.push([String(name).split(":")[1], message]);
beforeEach(() => {
  told = [];
  for (const channel of channels) subscribe(channel, listen);
});
afterEach(() => {
  for (const channel of channels) unsubscribe(channel, listen);
});

/** A grant that is kept, and verdicts on it. */
async function opened(changes: Partial<Grant> = {}) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const id = await store.create(newGrant(changes), 86_400_000);
  const asked = (await store.get(id))!;
  return { clock, store, id, asked, write: createVerdicts(store, clock.now), stored: () => store.get(id) };
}

describe("a verdict", () => {
  it("that is unknown changes nothing, and asks no store", async () => {
    const { store, id, asked, write, stored } = await opened();
    const get = jest.spyOn(store, "get");
    expect(await write(id, { verdict: "unknown", asked })).toBe(asked);
    expect(get).not.toHaveBeenCalled();
    expect([await stored(), told]).toEqual([asked, []]);
  });

  it("of refusal is noted, and suspends once it has lasted for a minute", async () => {
    const { clock, id, asked, write, stored } = await opened();
    const refused = { state: "active", refusedAt: new Date(start), version: 2 };
    expect(await write(id, { verdict: "refused", asked })).toMatchObject(refused);
    expect([await stored(), told]).toEqual([expect.objectContaining(refused), []]);
    clock.pass(aMinuteMs - 1);
    expect(await write(id, { verdict: "refused", asked })).toMatchObject(refused);
    clock.pass(1);
    const suspended = { state: "suspended", refusedAt: new Date(start), version: 3 };
    expect(await write(id, { verdict: "refused", asked })).toEqual({ ...asked, ...suspended });
    expect([await stored(), told]).toEqual([{ ...asked, ...suspended }, [["suspension", { refusedForMs: aMinuteMs }]]]);
    expect(await write(id, { verdict: "refused", asked })).toMatchObject({ version: 3 });
    expect(told).toHaveLength(1);
  });

  it.each<["active" | "suspended", boolean]>([
    ["active", false],
    ["suspended", true],
  ])("of acceptance ends what was refused while it was %s, and tells of it", async (state, suspended) => {
    const { id, asked, write, stored } = await opened({ state, refusedAt: new Date(start - 5_000) });
    expect(await write(id, { verdict: "accepted", asked })).toMatchObject({ state: "active", refusedAt: null });
    expect(await stored()).toMatchObject({ state: "active", refusedAt: null, version: 2 });
    expect(told).toEqual([["recovery", { suspended, refusedForMs: 5_000 }]]);
  });

  it("of acceptance changes nothing where nothing was refused", async () => {
    const { id, asked, write } = await opened();
    expect(await write(id, { verdict: "accepted", asked })).toEqual(asked);
    expect(told).toEqual([]);
  });

  it.each<[string, Partial<Grant>, boolean, string]>([
    ["has expired and cannot be renewed", { refreshToken: null }, false, "suspended"],
    ["has expired and may be renewed", {}, false, "active"],
    ["has expired, cannot be renewed and waits for that", { refreshToken: null }, true, "active"],
    ["has no end and cannot be renewed", { refreshToken: null, expiresAt: null }, false, "active"],
  ])("of refusal suspends at once only what is refused for good reason: what %s", async (_, changes, waits, state) => {
    const { clock, id, asked, write } = await opened(changes);
    clock.pass(3_600_000);
    const written = { verdict: "refused", asked, awaitsRenewal: waits } as const;
    expect(await write(id, written)).toMatchObject({ state, refusedAt: new Date(clock.now()) });
    expect(told).toEqual(state === "suspended" ? [["suspension", { refusedForMs: 0 }]] : []);
  });

  it("of refusal suspends nothing that is to be renewed, however long", async () => {
    const { clock, id, asked, write } = await opened({ refusedAt: new Date(start) });
    clock.pass(10 * aMinuteMs);
    const written = await write(id, { verdict: "refused", asked, awaitsRenewal: true });
    expect(written).toMatchObject({ state: "active", version: 1 });
  });

  it("suspends once, also where a clock ahead has noted the refusal", async () => {
    const { id, asked, write } = await opened({ state: "suspended", refusedAt: new Date(start + 5_000) });
    expect(await write(id, { verdict: "refused", asked })).toMatchObject({ refusedAt: new Date(start), version: 2 });
    expect(told).toEqual([]);
  });

  it.each<[string, Partial<Grant>]>([
    ["has another token by now", { accessToken: "sibling" }],
    ["has ended", { state: "ended" }],
  ])("is left to who knows better, where the grant %s", async (_, changes) => {
    const { store, id, asked, write, stored } = await opened();
    await store.replace(id, 1, { ...asked, ...changes });
    expect(await write(id, { verdict: "refused", asked })).toEqual(await stored());
    expect(await stored()).toMatchObject({ ...changes, refusedAt: null, version: 2 });
  });

  it("is nothing to a grant that is gone", async () => {
    const { store, id, asked, write } = await opened();
    await store.delete(id);
    expect(await write(id, { verdict: "refused", asked })).toBeNull();
  });

  it("gives way to who was faster, and tells of nothing", async () => {
    const { store, id, asked, write } = await opened();
    const replace = store.replace.bind(store);
    store.replace = async (...given) => (await replace(id, 1, { ...asked, ref: "acme" }), replace(...given));
    expect(await write(id, { verdict: "refused", asked })).toMatchObject({ ref: "acme", refusedAt: null, version: 2 });
    expect(told).toEqual([]);
  });

  it("leaves the grant as it stood where the store fails", async () => {
    const { store, id, asked, write } = await opened();
    store.replace = () => Promise.reject(new Error("READONLY"));
    expect(await write(id, { verdict: "refused", asked })).toBe(asked);
    expect(told).toEqual([]);
  });
});
