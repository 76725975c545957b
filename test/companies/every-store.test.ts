import express from "express";
import request from "supertest";
import { aircallAuth, type AircallAuth, type ConnectedCompany } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { describeOnEveryStore, type Open } from "../support/every-store";
import { countCalls, sendError } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";

const time = moveTime();
const [acme, other] = [{ ref: "acme" }, { ref: "acmé 7/ä 💼" }];
const links = { url: "https://app.example.com/shared", keys: ["k".repeat(32)] };
const mark = "s3nt1nel";
const running: AircallAuth[] = [];
afterEach(() => Promise.all(running.splice(0).map((auth) => auth.close())));

/** An app whose tenants bring keys, all of which bear a mark. */
async function startApp(open: Open) {
  const { grants, kept, pass } = await open();
  const simulator = await startSimulator({ apiToken: `${mark}-token` });
  const auth = aircallAuth({
    ...{ authScheme: "Basic", hold: "company", apiUrl: simulator.basic.apiUrl, grants, recordingLinks: links },
    company: (req) => ({ ref: decodeURIComponent(req.get("x-tenant") ?? "nobody") }),
  });
  running.push(auth);
  const app = express().use(auth);
  app.get("/calls", async (req, res) => void res.json(await countCalls(req.aircall)));
  app.use(sendError);
  const ask = (ref: string) => request(app).get("/calls").set("X-Tenant", encodeURIComponent(ref));
  const openLink = (link: string) => request(app).get(new URL(link).pathname);
  const passAll = async (ms: number) => {
    time.pass(ms);
    await pass(ms);
  };
  return { simulator, auth, grants, kept, ask, openLink, pass: passAll };
}

function keyOf({ companies }: Simulator, index = 0) {
  const { apiId, apiToken } = companies[index]!;
  return { user: apiId, password: apiToken };
}

async function list(auth: AircallAuth): Promise<ConnectedCompany[]> {
  const found: ConnectedCompany[] = [];
  for await (const company of auth.companies()) found.push(company);
  return found;
}

describeOnEveryStore("a tenant's key", (open) => {
  it("is kept so that nobody reads it there, and is gone with disconnectKey", async () => {
    const { simulator, auth, kept, ask } = await startApp(open);
    const key = keyOf(simulator);
    expect(key.password).toContain(mark);
    await auth.connectKey(acme, key);
    await auth.connectKey(other, keyOf(simulator, 1));

    expect([(await ask("acme")).status, (await ask(other.ref)).status]).toEqual([200, 200]);
    expect((await list(auth)).map(({ companyRef }) => companyRef).sort()).toEqual(["acme", other.ref].sort());
    const basic = Buffer.from(`${key.user}:${key.password}`).toString("base64");
    for (const secret of [mark, key.user, basic, Buffer.from(mark).toString("base64").slice(0, -2)]) {
      expect((await kept()).includes(secret)).toBe(false);
      expect(JSON.stringify(await list(auth)).includes(secret)).toBe(false);
    }

    expect(await auth.disconnectKey(acme)).toBe(1);
    expect([(await ask("acme")).status, (await ask(other.ref)).status]).toEqual([401, 200]);
    expect(await list(auth)).toMatchObject([{ companyRef: other.ref }]);
  });

  it("is not kept where it is wrong, and a sixth is not tried until a minute has passed", async () => {
    const { simulator, auth, kept, ask, pass } = await startApp(open);
    const wrong = { user: keyOf(simulator).user, password: `${mark}-wrong` };
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await expect(auth.connectKey(acme, wrong)).rejects.toMatchObject({ code: "key_refused" });
    }
    await expect(auth.connectKey(acme, keyOf(simulator))).rejects.toMatchObject({ code: "rate_limited" });
    expect([await list(auth), (await ask("acme")).status]).toEqual([[], 401]);
    expect(await kept()).not.toMatch(new RegExp(`${mark}|${wrong.user}`));
    await pass(60_001);
    await auth.connectKey(acme, keyOf(simulator));
    expect((await ask("acme")).status).toBe(200);
  });

  it("is one of two that come at once, and the last of those that replace each other", async () => {
    const { simulator, auth } = await startApp(open);
    const both = [0, 1].map((index) => auth.connectKey(acme, keyOf(simulator, index)));
    const outcomes = (await Promise.allSettled(both)).map(({ status }) => status);
    expect(outcomes.sort()).toEqual(["fulfilled", "rejected"]);

    const again = [0, 1, 0, 1].map((index) => auth.connectKey(acme, keyOf(simulator, index), { replace: true }));
    await Promise.all(again);
    await auth.connectKey(acme, keyOf(simulator, 1), { replace: true });
    expect(await list(auth)).toMatchObject([{ companyRef: "acme", name: simulator.companies[1].name }]);
    expect(await auth.disconnectKey(acme)).toBe(1);
  });

  it.each([
    ["names of an object's", ["constructor", "__proto__", "toString"]],
    ["what separates", ["a b/c%", "id:7", "ref:7", "7", "../..", "a:b"]],
    ["what nobody sees", [" ", "\0", "\n", "\u200b"]],
    ["letters that look alike", ["é", "e\u0301", "É"]],
    ["all that a name may hold", ["x".repeat(200), "💼".repeat(100), "語".repeat(200)]],
  ])("belongs to that tenant alone, whose name is %s", async (_what, refs) => {
    const { simulator, auth, ask } = await startApp(open);
    for (const ref of refs) await auth.connectKey({ ref }, keyOf(simulator));
    expect((await list(auth)).map(({ companyRef }) => companyRef).sort()).toEqual([...refs].sort());
    const [first = "", ...others] = refs;
    expect(await auth.disconnectKey({ ref: first })).toBe(1);
    expect((await list(auth)).map(({ companyRef }) => companyRef).sort()).toEqual(others.sort());
    expect(await Promise.all(refs.map(async (ref) => (await ask(ref)).status))).toEqual([
      401,
      ...others.map(() => 200),
    ]);
  });

  it("is nothing to an app of another name", async () => {
    const { simulator, auth, grants } = await startApp(open);
    await auth.connectKey(acme, keyOf(simulator));
    const { apiUrl } = simulator.basic;
    const another = aircallAuth({ authScheme: "Basic", hold: "company", apiUrl, grants, app: "another" });
    running.push(another);

    expect([await list(another), await another.disconnectKey(acme)]).toEqual([[], 0]);
    await expect(another.clientFor(acme).ping()).rejects.toMatchObject({ code: "not_connected" });
    await another.connectKey(acme, keyOf(simulator, 1));
    expect(await another.disconnectCompany(acme)).toBe(1);
    expect(await list(auth)).toMatchObject([{ companyRef: "acme", name: simulator.companies[0].name }]);
  });

  it("is there or not after it came and went at once, and never half", async () => {
    const { simulator, auth, ask } = await startApp(open);
    const key = keyOf(simulator);
    for (let round = 0; round < 5; round += 1) {
      const come = [1, 2].map(() => auth.connectKey(acme, key, { replace: true }));
      await Promise.all([...come, auth.disconnectKey(acme), auth.disconnectKey(acme)]);
      const listed = (await list(auth)).length;
      expect([listed, (await ask("acme")).status]).toEqual(listed === 1 ? [1, 200] : [0, 401]);
    }
    await auth.disconnectKey(acme);
    expect([await list(auth), (await ask("acme")).status]).toEqual([[], 401]);
  });
});

describeOnEveryStore("a link to a recording", (open) => {
  it("plays while its company is connected and accepted, and is a 404 to no other", async () => {
    const { simulator, auth, openLink, pass } = await startApp(open);
    const { id } = simulator.companies[0].calls.find(({ recording }) => recording !== null)!;
    const [link, never] = [auth.recordingLink(acme, id), auth.recordingLink(other, id)];
    expect((await openLink(link)).status).toBe(404);
    await auth.connectKey(acme, keyOf(simulator));
    const played = await openLink(link).set("Range", "bytes=0-9");
    expect([played.status, (await openLink(never)).status]).toEqual([206, 404]);
    expect(JSON.stringify(played.headers)).not.toContain(new URL(simulator.url).host);

    simulator.fail({ status: 403 });
    for (let minute = 0; minute < 2; minute += 1) {
      await auth
        .clientFor(acme)
        .ping()
        .catch(() => undefined);
      await pass(60_001);
    }
    expect(await list(auth)).toMatchObject([{ state: "suspended" }]);
    expect((await openLink(link)).status).toBe(404);
    simulator.clearFaults();
    await auth.connectKey(acme, keyOf(simulator), { replace: true });
    expect((await openLink(link)).status).toBe(200);
    await auth.disconnectKey(acme);
    expect((await openLink(link)).status).toBe(404);
  });
});
