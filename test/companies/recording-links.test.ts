import express, { type Express } from "express";
import request from "supertest";
import { aircallAuth, memoryGrants, type AircallAuthOptions, type AuditEntry } from "express-aircall";
import { browserAt, createConnectedApp, getAndRefresh, sendError, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";

const time = moveTime();
const dayMs = 86_400_000;
const assetBytes = 20_000;
const url = "https://app.example.com/recordings/shared";
const keys = ["k".repeat(32)];

/** An app with a company, and a visitor who has never been there. */
async function startApp(options: Partial<AircallAuthOptions> = {}) {
  const simulator = await startSimulator({ assetBytes });
  const { id: callId } = simulator.companies[0].calls.find(({ recording }) => recording !== null)!;
  const recordingLinks = { url, keys };
  const connecting = { grants: memoryGrants(), hold: "company" as const, recordingLinks, ...options };
  const app = createConnectedApp({ ...getAndRefresh(simulator), ...connecting });
  await signIn(browserAt(app), simulator);
  const [{ id: companyId }, { id: otherId }] = simulator.companies;
  simulator.clearRequests();
  const link = app.auth.recordingLink(companyId, callId);
  return { simulator, app: app.app, auth: app.auth, companyId, otherId, callId, link };
}

/** What a program that has only the link gets. */
function open(app: Express, link: string, method: "get" | "head" | "post" = "get") {
  return request(app)[method](new URL(link).pathname).buffer(true).parse(asBytes);
}

const asBytes: Parameters<request.Test["parse"]>[0] = (res, done) => {
  const chunks: Buffer[] = [];
  (res as unknown as NodeJS.ReadableStream)
    .on("data", (chunk: Buffer) => chunks.push(chunk))
    .on("end", () => done(null, Buffer.concat(chunks)));
};

describe("a link to a recording", () => {
  it("plays to whoever has it, without a session", async () => {
    const { app, link } = await startApp();
    expect(link).toMatch(/^https:\/\/app\.example\.com\/recordings\/shared\/[\w-]{40,60}$/);
    const { status, headers, body } = await open(app, link);
    expect([status, (body as Buffer).length]).toEqual([200, assetBytes]);
    expect(headers).toMatchObject({
      "cache-control": "no-store, no-transform",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex",
      "x-content-type-options": "nosniff",
    });
    expect(headers["set-cookie"]).toBeUndefined();
  });

  it("plays the part that a player asks for", async () => {
    const { app, link } = await startApp();
    const { body: whole } = await open(app, link);
    const part = await open(app, link).set("Range", "bytes=100-199").expect(206);
    expect(part.headers["content-range"]).toBe(`bytes 100-199/${assetBytes}`);
    expect((part.body as Buffer).equals((whole as Buffer).subarray(100, 200))).toBe(true);
  });

  it("costs Aircall nothing to look at", async () => {
    const { app, link, simulator } = await startApp();
    const { status, headers } = await open(app, link, "head");
    expect([status, headers["content-type"], headers["accept-ranges"]]).toEqual([200, "audio/mpeg", "bytes"]);
    expect(simulator.requests).toEqual([]);
    expect((await open(app, `${link}A`, "head")).status).toBe(404);
  });

  it("never shows where Aircall keeps the file", async () => {
    const { app, link, simulator } = await startApp();
    const answers = [await open(app, link), await open(app, link, "head"), await open(app, `${link}A`)];
    const shown = JSON.stringify(answers.map(({ headers }) => headers)) + answers.map(({ text }) => text).join();
    expect(shown).not.toMatch(/aircall|amazonaws|s3|127\.0\.0\.1/i);
    expect(shown).not.toContain(new URL(simulator.url).host);
    expect(answers.map(({ headers }) => headers["location"])).toEqual([undefined, undefined, undefined]);
  });

  it("works with the app's one API key, where no session is mounted", async () => {
    const simulator = await startSimulator({ assetBytes });
    const { id } = simulator.companies[0].calls.find(({ recording }) => recording !== null)!;
    const auth = aircallAuth({ ...simulator.basic, recordingLinks: { url, keys } });
    const app = express().use(auth, sendError);
    expect((await open(app, auth.recordingLink(null, id))).status).toBe(200);
    expect(auth.recordingLink(7, id)).toBe(auth.recordingLink(null, id));
    await auth.close();
  });

  it("works for a tenant that has connected by its own key", async () => {
    const simulator = await startSimulator({ assetBytes });
    const { id } = simulator.companies[0].calls.find(({ recording }) => recording !== null)!;
    const { user, password, apiUrl } = simulator.basic;
    const kept = { authScheme: "Basic" as const, grants: memoryGrants(), hold: "company" as const };
    const auth = aircallAuth({ ...kept, apiUrl, recordingLinks: { url, keys } });
    const app = express().use(auth, sendError);
    const link = auth.recordingLink({ ref: "tenant-1" }, id);
    expect((await open(app, link)).status).toBe(404);
    await auth.connectKey({ ref: "tenant-1" }, { user, password });
    expect((await open(app, link)).status).toBe(200);
    expect((await open(app, auth.recordingLink({ ref: "tenant-2" }, id))).status).toBe(404);
    await auth.close();
  });

  it("works below where the middleware is mounted", async () => {
    const simulator = await startSimulator({ assetBytes });
    const { id } = simulator.companies[0].calls.find(({ recording }) => recording !== null)!;
    const auth = aircallAuth({ ...simulator.basic, recordingLinks: { url, keys } });
    const app = express().use("/recordings", auth);
    expect((await open(app, auth.recordingLink(null, id))).status).toBe(200);
    expect((await request(app).get("/recordings/sharedlists")).text).toContain("Cannot GET");
    await auth.close();
  });

  it("answers a GET and a HEAD only", async () => {
    const { app, link, simulator } = await startApp();
    const { status, headers } = await open(app, link, "post");
    expect([status, headers["allow"]]).toEqual([405, "GET, HEAD"]);
    expect(simulator.requests).toEqual([]);
  });

  it("opens thirty times a minute, and again when that has passed", async () => {
    const { app, link, callId, companyId, auth } = await startApp();
    for (let opening = 0; opening < 30; opening += 1) expect((await open(app, link)).status).toBe(200);
    const refused = await request(app).get(new URL(link).pathname);
    expect([refused.status, refused.body]).toMatchObject([429, { code: "rate_limited" }]);
    expect(refused.body.message).toMatch(/the link's own limit is reached; try again in (?:60|[345]\d) s\./);
    const another = auth.recordingLink(companyId, callId, { expiresInMs: dayMs });
    expect((await open(app, another)).status).toBe(200);
    time.pass(60_000);
    expect((await open(app, link)).status).toBe(200);
  });

  it("hands errors of Aircall's on", async () => {
    const { app, link, simulator } = await startApp();
    simulator.fail({ match: { path: "/v1/calls/:id" }, status: 500 });
    const { status, body } = await request(app).get(new URL(link).pathname);
    expect([status, body]).toMatchObject([500, { code: "server_error" }]);
  });

  it("tells the app's trail who opened it", async () => {
    const trail: AuditEntry[] = [];
    const onAudit = (entry: AuditEntry) => trail.push(entry);
    const { app, link, companyId } = await startApp({ onAudit, actor: (req) => req.get("x-user") ?? null });
    trail.length = 0;
    await open(app, link, "head");
    await open(app, link);
    await open(app, link).set("X-User", "ada");
    expect(trail).toMatchObject([
      { action: "recording_opened", companyId, actor: null },
      { action: "recording_opened", companyId, actor: "ada" },
    ]);
  });
});

describe("a link that leads to nothing", () => {
  /** All of it that could tell one from another. */
  async function seen(app: Express, link: string) {
    const { status, headers, body } = await open(app, link);
    const { date: _, ...others } = headers as Record<string, string>;
    return { status, headers: others, body: String(body) };
  }

  it("is the same 404, whatever the reason", async () => {
    const { app, link, auth, simulator, companyId, otherId, callId } = await startApp();
    const end = link.slice(url.length + 1);
    const brief = auth.recordingLink(companyId, callId, { expiresInMs: 1_000 });
    const untouched = auth.recordingLink(companyId, callId, { expiresInMs: 2 * dayMs });
    const links = {
      forged: `${url}/${"A".repeat(end.length)}`,
      changed: `${url}/${end.slice(0, 5)}${end[5] === "A" ? "B" : "A"}${end.slice(6)}`,
      cut: link.slice(0, -3),
      bare: url,
      empty: `${url}/`,
      longer: `${link}/more`,
      never: auth.recordingLink(otherId, callId),
      unrecorded: auth.recordingLink(companyId, 999_999_999),
      brief,
    };
    time.pass(2_000);
    const answers = await Promise.all(Object.values(links).map((one) => seen(app, one)));
    expect(answers[0]).toMatchObject({ status: 404, headers: { "cache-control": "no-store" } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);

    await auth.clientFor(companyId).calls.removeRecording(callId, { confirm: callId });
    time.pass(30 * 60_000);
    expect(await seen(app, link)).toEqual(answers[0]);

    simulator.revoke(companyId);
    for (const waitMs of [0, 61_000]) {
      time.pass(waitMs);
      await auth
        .clientFor(companyId)
        .ping()
        .catch(() => undefined);
    }
    expect(await seen(app, untouched)).toEqual(answers[0]);
    expect((await open(app, untouched, "head")).status).toBe(404);
    await auth.disconnectCompany(companyId);
    expect(await seen(app, untouched)).toEqual(answers[0]);
  });

  it("ends after seven days unless it says otherwise", async () => {
    const { app, link, auth, companyId, callId } = await startApp();
    const longer = auth.recordingLink(companyId, callId, { expiresInMs: 90 * dayMs });
    time.pass(7 * dayMs - 5_000);
    expect((await open(app, link, "head")).status).toBe(200);
    time.pass(6_000);
    expect((await open(app, link, "head")).status).toBe(404);
    expect((await open(app, longer, "head")).status).toBe(200);
  });

  it("is every link of a key that was taken away", async () => {
    const grants = memoryGrants();
    const { link, simulator } = await startApp({ grants });
    const opened = async (keys: string[]) => {
      const settings = { ...getAndRefresh(simulator), grants, hold: "company" as const, recordingLinks: { url, keys } };
      return (await open(createConnectedApp(settings).app, link)).status;
    };
    expect(await opened(["n".repeat(32), ...keys])).toBe(200);
    expect(await opened(["n".repeat(32)])).toBe(404);
  });
});

describe("recordingLink()", () => {
  const basic = { user: "id", password: "token" };
  const recordingLinks = { url, keys };

  it("needs the option", () => {
    expect(() => aircallAuth(basic).recordingLink(null, 7)).toThrow("recordingLink() needs the option recordingLinks");
  });

  it.each<[string, unknown[], string]>([
    ["a life that is too long", [7, 7, { expiresInMs: 90 * dayMs + 1 }], "above 0 and at most 7776000000"],
    ["no life", [7, 7, { expiresInMs: 0 }], "expiresInMs must be a number of milliseconds"],
    ["a misspelt option", [7, 7, { expiresInMS: 5 }], 'Did you mean "expiresInMs"?'],
    ["no company, where there are several", [null, 7], "recordingLink(company) is no Aircall company id"],
    ["no call", [7, "../7"], "recordingLink(): the id of a call"],
  ])("refuses %s", (_, given, message) => {
    const client = { oauthClientId: "id", oauthClientSecret: "secret" };
    const auth = aircallAuth({ ...client, grants: memoryGrants(), recordingLinks });
    expect(() => void Reflect.apply(auth.recordingLink, null, given)).toThrow(message);
  });
});
