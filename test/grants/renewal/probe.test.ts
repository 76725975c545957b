import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { memoryGrants } from "../../../src/grants/stores/memory";
import type { Grant } from "../../../src/grants/grant";
import { createProbes, type Cure } from "../../../src/grants/renewal/probe";
import { createRenewals } from "../../../src/grants/renewal/renew";
import type { Deadline } from "../../../src/time/deadline";
import { createClock, newGrant, start } from "../../support/grants";

const aMinuteMs = 60_000;
const suspended = { state: "suspended", refusedAt: new Date(start - aMinuteMs) } as const;
const active = { state: "active", refusedAt: null } as const;

/** Several processes, as far as probes go: each remembers by itself, all share the store. */
async function startProcesses(count: number, standing: Pick<Grant, "state" | "refusedAt">) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const id = await store.create(newGrant({ ...standing, refreshToken: null, expiresAt: null }), 86_400_000);
  let asked = 0;
  let verdict: "accepted" | "refused" = "refused";
  const probe = async () => {
    asked += 1;
    await new Promise(setImmediate);
    return verdict;
  };
  const processes = Array.from({ length: count }, () =>
    createRenewals({ store, endpoint: null, probe, now: clock.now, sleep: () => new Promise(setImmediate) }),
  );

  /** What each of them comes to. */
  const checkAll = async () => {
    const grant = (await store.get(id))!;
    const checks = await Promise.all(processes.map((probes) => probes.check(id, grant)));
    return checks.map((check) => check.verdict);
  };
  return {
    clock,
    checkAll,
    asked: () => asked,
    revive: () => (verdict = "accepted"),
    standing: () => store.get(id),
  };
}

describe("probes of a refused grant, over four processes", () => {
  it("ask once a minute in all", async () => {
    const { clock, asked, checkAll } = await startProcesses(4, suspended);
    for (let minute = 0; minute < 3; minute += 1) {
      expect(await checkAll()).toEqual(["refused", "refused", "refused", "refused"]);
      expect(await checkAll()).toHaveLength(4);
      clock.pass(aMinuteMs);
    }
    expect(asked()).toBe(3);
  });

  it("notice that it lives again", async () => {
    const { clock, revive, checkAll, standing } = await startProcesses(4, suspended);
    await checkAll();
    revive();
    clock.pass(aMinuteMs);
    expect(await checkAll()).toContain("accepted");
    expect(await standing()).toMatchObject(active);
  });

  it.each(["refused", "accepted"] as const)(
    "ask once in all about one that was not refused before, and all hear that it is %s",
    async (verdict) => {
      const { asked, checkAll, revive, standing } = await startProcesses(4, active);
      if (verdict === "accepted") revive();

      expect(await checkAll()).toEqual([verdict, verdict, verdict, verdict]);
      expect(asked()).toBe(1);
      expect(await standing()).toMatchObject({ state: "active", version: verdict === "refused" ? 2 : 1 });
    },
  );

  it("take the word of that minute for a grant that has recovered in it", async () => {
    const { clock, revive, checkAll, asked } = await startProcesses(4, suspended);
    revive();
    await checkAll();
    clock.pass(1_000);

    expect(await checkAll()).toEqual(["accepted", "accepted", "accepted", "accepted"]);
    expect(asked()).toBe(1);
  });
});

type Verdict = "accepted" | "refused" | "unknown";

/** One grant, and what asks about it; `answers` are Aircall's, the last one again and again. */
async function startProbes(changes: Partial<Grant> = {}, answers: readonly (Verdict | Error)[] = ["accepted"]) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const id = await store.create(newGrant(changes), 86_400_000);
  const grant = (await store.get(id))!;
  const [asked, renewed]: [[string, Deadline][], string[]] = [[], []];
  const probe = ({ secret }: { secret: string }, deadline: Deadline) => {
    asked.push([secret, deadline]);
    const answer = answers[Math.min(asked.length, answers.length) - 1]!;
    return typeof answer === "string" ? Promise.resolve(answer) : Promise.reject(answer);
  };
  const cure = {
    due: () => false,
    helps: () => false,
    renew: (one: string) => (renewed.push(one), store.get(id)),
  } as { -readonly [Name in keyof Cure]: Cure[Name] };
  const start = () => createProbes({ store, probe, cure, now: clock.now, sleep: () => new Promise(setImmediate) });
  const probes = start();
  return {
    ...{ clock, store, id, grant, asked, renewed, cure, probes },
    secrets: () => asked.map(([secret]) => secret),
    check: (of = grant) => probes.check(id, of),
    checkElsewhere: (of = grant) => start().check(id, of),
    stored: () => store.get(id),
    /** As a renewal does. */
    renewTo: (other: Partial<Grant> | null) =>
      (cure.renew = async () => {
        renewed.push(id);
        if (other === null) await store.delete(id);
        else await store.replace(id, grant.version, { ...grant, ...other });
        return store.get(id);
      }),
  };
}

describe("a probe of a grant", () => {
  it("is one for a minute, for each grant and version", async () => {
    const { check, clock, grant, asked } = await startProbes();
    expect(await Promise.all([check(), check()])).toEqual(Array(2).fill({ verdict: "accepted", grant }));
    clock.pass(aMinuteMs - 1);
    await check();
    expect(asked).toHaveLength(1);
    clock.pass(1);
    await check();
    expect(asked).toHaveLength(2);
  });

  it("is made anew of another version, which the others need not be told of", async () => {
    const { check, store, id, grant, asked } = await startProbes({ refreshToken: null }, ["unknown", "accepted"]);
    expect(await check()).toEqual({ verdict: "unknown", grant });
    await store.replace(id, 1, { ...grant, accessToken: "other" });
    const other = (await store.get(id))!;
    expect([await check(other), asked.length]).toEqual([{ verdict: "accepted", grant: other }, 2]);
  });

  it("is not made in the minute after the first refusal, unless a renewal is due", async () => {
    const refused = { refusedAt: new Date(start - 59_999) };
    const { check, clock, grant, asked } = await startProbes(refused);
    expect([await check(), asked]).toEqual([{ verdict: "refused", grant }, []]);
    clock.pass(1);
    expect((await check()).verdict).toBe("accepted");
    const due = await startProbes(refused);
    due.cure.due = () => true;
    expect([(await due.check()).verdict, due.renewed, due.asked.length]).toEqual(["accepted", [due.id], 1]);
  });

  it("has ten seconds of its own, and tells what came of it", async () => {
    const told: unknown[] = [];
    const listen = (message: unknown) => void told.push(message);
    subscribe("express-aircall:probe", listen);
    const { check, asked } = await startProbes({}, ["unknown"]);
    await check();
    unsubscribe("express-aircall:probe", listen);
    const [[secret, deadline]] = asked as [[string, Deadline]];
    expect([secret, deadline.signal.aborted, told]).toEqual(["access-0", false, [{ verdict: "unknown" }]]);
    expect(deadline.remainingMs()).toBeGreaterThan(0);
    expect(deadline.remainingMs()).toBeLessThanOrEqual(10_000);
  });

  it("is unknown where Aircall could not be asked, or the store fails, and never rejects", async () => {
    const [one, other] = [await startProbes({}, [new Error("down")]), await startProbes()];
    expect(await one.check()).toEqual({ verdict: "unknown", grant: one.grant });
    other.store.claim = () => Promise.reject(new Error("down"));
    expect(await other.check()).toEqual({ verdict: "unknown", grant: other.grant });
  });

  it("asks about what a renewal that was due has made of it", async () => {
    const { check, cure, renewTo, secrets, stored } = await startProbes();
    cure.due = () => true;
    renewTo({ accessToken: "renewed" });
    expect(await check()).toEqual({ verdict: "accepted", grant: await stored() });
    expect(secrets()).toEqual(["renewed"]);
  });

  it.each<[string, Partial<Grant> | null]>([
    ["ended it", { state: "ended" }],
    ["found it gone", null],
  ])("asks nothing where a renewal that was due has %s", async (_, other) => {
    const { check, cure, renewTo, asked, stored } = await startProbes();
    cure.due = () => true;
    renewTo(other);
    expect(await check()).toEqual({ verdict: "refused", grant: await stored() });
    expect(asked).toEqual([]);
  });

  it("goes on with the same token where a renewal that was due failed", async () => {
    const { check, cure, secrets } = await startProbes();
    cure.due = () => true;
    cure.renew = () => Promise.reject(new Error("away"));
    expect([(await check()).verdict, secrets()]).toEqual(["accepted", ["access-0"]]);
  });

  it("renews what is refused before that counts, and asks about the other token", async () => {
    const { check, cure, renewTo, secrets, stored } = await startProbes({}, ["refused", "accepted"]);
    cure.helps = () => true;
    renewTo({ accessToken: "renewed" });
    expect(await check()).toEqual({ verdict: "accepted", grant: await stored() });
    expect([secrets(), await stored()]).toEqual([["access-0", "renewed"], expect.objectContaining(active)]);
  });

  it("notes the refusal of the renewed token too", async () => {
    const { check, cure, renewTo, stored } = await startProbes({}, ["refused"]);
    cure.helps = () => true;
    renewTo({ accessToken: "renewed" });
    expect(await check()).toEqual({ verdict: "refused", grant: await stored() });
    expect(await stored()).toMatchObject({ accessToken: "renewed", refusedAt: new Date(start) });
  });

  it.each<[string, Partial<Grant> | null]>([
    ["has ended it", { state: "ended" }],
    ["found it gone", null],
  ])("takes the refusal for good where the renewal %s", async (_, other) => {
    const { check, cure, renewTo, asked, stored } = await startProbes({}, ["refused"]);
    cure.helps = () => true;
    renewTo(other);
    expect(await check()).toEqual({ verdict: "refused", grant: await stored() });
    expect(asked).toHaveLength(1);
  });

  it("suspends nothing that could not be renewed, and what cannot be after its minute", async () => {
    const refusedAt = new Date(start - aMinuteMs);
    const [one, other] = [await startProbes({ refusedAt }, ["refused"]), await startProbes({ refusedAt }, ["refused"])];
    one.cure.helps = () => true;
    expect(await one.check()).toMatchObject({ verdict: "refused", grant: { state: "active", refusedAt } });
    expect((await other.check()).grant).toMatchObject({ state: "suspended", refusedAt });
    expect([one.renewed, other.renewed, one.asked.length]).toEqual([[one.id], [], 1]);
  });

  it.each<["refused" | "accepted", Partial<Grant>]>([
    ["refused", { state: "suspended", refusedAt: new Date(start - aMinuteMs) }],
    ["accepted", {}],
  ])("renews nothing that is suspended, or accepted: %s", async (verdict, changes) => {
    const { check, cure, renewed } = await startProbes(changes, [verdict]);
    cure.helps = () => true;
    expect([(await check()).verdict, renewed]).toEqual([verdict, []]);
  });

  it("is told to others while what comes of it may be new", async () => {
    const once = { refusedAt: new Date(start - aMinuteMs) };
    for (const [changes, verdict, heard] of [
      [{}, "refused", 1],
      [once, "refused", 0],
      [once, "accepted", 1],
    ] as const) {
      const { check, store } = await startProbes(changes, [verdict]);
      const settle = jest.spyOn(store, "settle");
      await check();
      expect(settle).toHaveBeenCalledTimes(heard);
    }
  });

  it("hears of another process's with the grant as that left it", async () => {
    const { check, checkElsewhere, asked, stored } = await startProbes({}, ["refused"]);
    await check();
    expect(await checkElsewhere()).toEqual({ verdict: "refused", grant: await stored() });
    expect([asked.length, (await stored())?.version]).toEqual([1, 2]);
  });

  it("watches what is refused and may recover", async () => {
    const { probes, grant } = await startProbes();
    const refusedAt = new Date(start);
    expect(probes.watches(grant)).toBe(false);
    for (const state of ["active", "suspended"] as const)
      expect(probes.watches({ ...grant, state, refusedAt })).toBe(true);
    expect(probes.watches({ ...grant, state: "ended", refusedAt })).toBe(false);
  });

  it("is waited for as all close", async () => {
    const { check, probes, store } = await startProbes();
    const claim = store.claim.bind(store);
    let go = (): void => undefined;
    const gone = new Promise<void>((resolve) => (go = resolve));
    store.claim = async (...given) => (await gone, claim(...given));
    const order: string[] = [];
    const checked = check().then(() => order.push("checked"));
    const closed = probes.close().then(() => order.push("closed"));
    await new Promise(setImmediate);
    go();
    await Promise.all([checked, closed]);
    expect(order).toEqual(["checked", "closed"]);
  });
});
