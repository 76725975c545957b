import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import axios from "axios";
import express, { type Express } from "express";
import session from "express-session";
import passport from "passport";
import request from "supertest";
import {
  aircallAuth,
  aircallWebhooks,
  memoryGrants,
  type AircallAuth,
  type AircallWebhooks,
  type EventHandlers,
} from "express-aircall";
import { createSimulator } from "express-aircall/simulator";
import { backfill } from "../../examples/recipes/backfill";
import { clickToDial } from "../../examples/recipes/click-to-dial";
import { fromAircall, toAircall, type Person } from "../../examples/recipes/contacts-both-ways";
import { queueCalls } from "../../examples/recipes/dialer-queue";
import { after, before } from "../../examples/recipes/from-axios";
import { signIn } from "../../examples/recipes/from-passport-aircall";
import { kpis } from "../../examples/recipes/kpis";
import { linkRecordings } from "../../examples/recipes/link-that-plays";
import { logCalls, table } from "../../examples/recipes/log-calls";
import { manyCustomers } from "../../examples/recipes/many-customers";
import { missedCalls } from "../../examples/recipes/missed-calls";
import { nightly } from "../../examples/recipes/nightly-job";
import { recordingsTo } from "../../examples/recipes/recordings-to-s3";
import { screenPop } from "../../examples/recipes/screen-pop";
import { receiveSms, sendSms } from "../../examples/recipes/sms";
import { transcriptsTo } from "../../examples/recipes/transcripts";
import { startPostgres } from "../support/postgres/postgres";
import { describeWith } from "../support/programs";

// One simulator and one app for all: what each recipe is asked about, it makes itself.
const simulator = createSimulator({ kind: true, rateLimit: 10_000 });
const token = "t".repeat(32);
const caller = "+33 1 99 00 12 34";
const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
const open: { close(): unknown }[] = [];

let app: Express;
let server: Server;
let auth: AircallAuth;
let url: string;

beforeAll(async () => {
  await simulator.listen();
  app = express();
  server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = ["k".repeat(32)];
  auth = aircallAuth({ ...simulator.basic, recordingLinks: { url: `${url}/listen`, keys } });
  app.use(auth);
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  for (const one of open.reverse()) await one.close();
  await auth.close();
  await simulator.close();
  rmSync(folder, { recursive: true });
});

const client = () => auth.clientFor(1);
const company = () => simulator.companies[0];

/** Lets the recipe's handlers hear of what `happens`, as Aircall sends it, and ends. */
async function hearing(on: EventHandlers, happens: () => unknown): Promise<void> {
  const path = `/events/${simulator.deliveries.length}`;
  const failures: unknown[] = [];
  const events: AircallWebhooks = aircallWebhooks({
    auth,
    path,
    tokens: [token],
    on,
    onError: (e) => failures.push(e),
  });
  app.use(events);
  const webhook = simulator.addWebhook({ url: url + path, token });
  await happens();
  await simulator.settled();
  await client().webhooks.remove(webhook.webhook_id, { confirm: webhook.webhook_id });
  await events.close();
  expect(failures).toEqual([]);
}

const twice = (name: Parameters<typeof simulator.emit>[0], data: object) => () => {
  for (const { id } of simulator.emit(name, data)) simulator.sendAgain(id);
};

describeWith("postgres", "log every call in a database", () => {
  it("has each call in one row, though it comes twice", async () => {
    const database = await startPostgres();
    open.push(database);
    const db = database.pool();
    await db.query(table);
    const [call] = company().calls.filter(({ answered_at }) => answered_at !== null);
    await hearing(logCalls(db), twice("call.ended", { id: call!.id }));
    const { rows } = await db.query("SELECT id, direction, agent FROM calls");
    expect(rows).toEqual([{ id: String(call!.id), direction: call!.direction, agent: call!.user!.name }]);
  });
});

describe("the recipes", () => {
  it("pop up who calls, at the agent it rings at, and in their phone", async () => {
    const [agent] = company().users;
    const customer = { name: "Gold & Co", url: "https://crm.example/7" };
    const on = screenPop(app, { agentOf: () => agent!.email, findCustomer: () => Promise.resolve(customer) });
    const screen = await fetch(`${url}/calls/ringing`);
    const reader = screen.body!.getReader();
    await hearing(on, () => {
      simulator.emit("call.created", { direction: "inbound", raw_digits: caller });
      simulator.emit("call.ringing_on_agent", { user: { id: agent!.id, email: agent!.email } });
    });
    const { value } = await reader.read();
    await reader.cancel();
    expect(Buffer.from(value!).toString()).toContain('"name":"Gold & Co"');
    expect(simulator.insightCards.at(-1)).toMatchObject({ contents: [{ type: "title", text: "Gold & Co" }] });
  });

  it("dial on a click, and say why they did not", async () => {
    let userId = 0;
    const lineOf = () => company().numbers.find(({ users }) => users.some(({ id }) => id === userId));
    clickToDial(app, { lineOf: () => ({ userId, numberId: lineOf()?.id ?? 0 }) });
    const dial = (site: string) =>
      request(url).post("/dial").set("Sec-Fetch-Site", site).type("form").send({ to: "+33199001234" });
    const said: [number, string][] = [];
    for (const user of company().users) {
      userId = user.id;
      const { status, text } = await dial("same-origin");
      said.push([status, text]);
    }
    expect(said).toContainEqual([202, "It is calling."]);
    expect(said).toContainEqual([409, "Your Aircall phone is not available: open it, and end the call you are in."]);
    expect((await dial("cross-site")).status).toBe(403);
    expect(simulator.dials.length).toBe(said.filter(([status]) => status === 202).length);
  });

  it("fetch every call, and go on where they were killed", async () => {
    const [to, kept] = [new Date(), [] as number[]];
    const parts = { from: new Date(to.getTime() - 14 * 86_400_000), to, noteAt: join(folder, "cursor") };
    const keep = (most: number) => (call: { id: number }) => {
      if (kept.length === most) throw new Error("killed");
      return Promise.resolve(void kept.push(call.id));
    };
    await expect(backfill(client(), { ...parts, keep: keep(100) })).rejects.toThrow("killed");
    const progress: number[] = [];
    await backfill(client(), { ...parts, keep: keep(Infinity), onProgress: ({ fetched }) => progress.push(fetched) });
    const all = company().calls.filter(
      ({ started_at }) => started_at * 1000 >= parts.from.getTime() && started_at * 1000 < to.getTime(),
    );
    expect(kept.length).toBeGreaterThan(100);
    expect([...new Set(kept)].sort()).toEqual(all.map(({ id }) => id).sort());
    expect(kept.length - new Set(kept).size).toBeLessThanOrEqual(50); // the page at which it was killed
    expect(progress[0]).toBeGreaterThan(50);
  });

  it("put a recording into a bucket, and pass over a call that has none", async () => {
    const files = new Map<string, Buffer>();
    const [recorded] = company().calls.filter(({ recording }) => recording !== null);
    const [silent] = company().calls.filter(({ answered_at }) => answered_at === null);
    const on = recordingsTo(async (key, { body }) => files.set(key, await buffer(body)));
    await hearing(on, () => {
      for (const { id } of [recorded!, silent!]) simulator.emit("call.comm_assets_generated", { id });
    });
    expect([...files.keys()]).toEqual([`own/${recorded!.id}.mp3`]);
    expect(files.get(`own/${recorded!.id}.mp3`)!.length).toBe(65_536);
  });

  it("put a link into the CRM that plays", async () => {
    const notes = new Map<string, string>();
    const on = linkRecordings(auth, { addNote: (key, { html }) => Promise.resolve(void notes.set(key, html)) });
    const [recorded] = company().calls.filter(({ recording }) => recording !== null);
    await hearing(on, twice("call.comm_assets_generated", { id: recorded!.id }));
    expect(notes.size).toBe(1);
    const [, link = ""] = /href="([^"]+)"/.exec([...notes.values()][0]!) ?? [];
    const answer = await fetch(link);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "audio/wav"]);
    await answer.arrayBuffer();
  });

  it("keep contacts alike on both sides, one for a number, and stop the echo", async () => {
    const people = new Map<string, Person>();
    const saved: Person[] = [];
    const crm = {
      findByPhone: (phone: string) => Promise.resolve(people.get(phone) ?? null),
      save: (person: Person) => Promise.resolve(void saved.push(person)),
    };
    const ada = { phone: "+33199005555", first_name: "Ada", last_name: "Lovelace" };
    people.set(ada.phone, ada);
    await hearing(fromAircall(crm), async () => {
      await Promise.all([toAircall(client(), ada), toAircall(client(), ada)]);
      simulator.emit("contact.updated", {
        first_name: "Grace",
        last_name: "Hopper",
        phone_numbers: [{ label: "Work", value: caller }],
      });
    });
    expect(saved).toEqual([{ phone: "+33199001234", first_name: "Grace", last_name: "Hopper" }]);
    const { items } = await client().contacts.search({ phone_number: ada.phone });
    expect(items.map(({ first_name }) => first_name)).toEqual(["Ada"]);
  });

  it("list who was missed and not spoken to since", async () => {
    missedCalls(app);
    const digits = "+33 1 99 00 77 77";
    simulator.addCalls([{ missed_call_reason: "no_available_agent", raw_digits: digits }]);
    const missed = (await request(url).get("/missed").expect(200)).body as { raw_digits: string; line: string }[];
    expect(missed.map(({ raw_digits }) => raw_digits)).toContain(digits);
    expect(missed.find(({ raw_digits }) => raw_digits === digits)?.line).toEqual(expect.any(String));
  });

  it("count a week", async () => {
    const to = new Date();
    const found = await kpis(client(), { from: new Date(to.getTime() - 7 * 86_400_000), to });
    expect(found.calls).toBe(found.byHour.reduce((sum, count) => sum + count));
    expect(found.answerRate).toBeGreaterThan(0);
    expect(found.answerRate).toBeLessThan(1);
    expect(found.medianWait).toBeGreaterThan(0);
    expect(found.talkSeconds).toBeGreaterThan(0);
  });

  it("bring a transcript into the CRM", async () => {
    const saved = new Map<string, { text: string; summary: string | null }>();
    const on = transcriptsTo({ saveTranscript: (id, what) => Promise.resolve(void saved.set(id, what)) });
    const [call] = company().calls.filter(({ recording }) => recording !== null);
    await hearing(on, twice("transcription.created", { call_id: call!.id }));
    expect([...saved.keys()]).toEqual([String(call!.id)]);
    expect(saved.get(String(call!.id))).toEqual({
      text: expect.stringMatching(/^(internal|external): /) as string,
      summary: expect.any(String) as string,
    });
  });

  it("answer a text once, and send one", async () => {
    const inbox = new Set<string>();
    const add = ({ id }: { id: string }) => Promise.resolve(inbox.has(id) ? false : Boolean(inbox.add(id)));
    const earlier = simulator.messages.length;
    const digits = { direction: "inbound", raw_digits: "33199001234", body: "Are you open?" };
    await hearing(receiveSms({ add }, "Until six."), twice("message.received", digits));
    const number = company().numbers.find(({ id }) => id !== undefined)!;
    await sendSms(client(), number.id, { to: "+33199004321", body: "See you." });
    const sent = simulator.messages.slice(earlier).map(({ body }) => body);
    expect(sent).toEqual(["Until six.", "See you."]);
  });

  it("fill a dialer, and leave out who waits in it", async () => {
    const { id } = company().users[0]!;
    const [one, two] = ["+33199000001", "+33199000002"];
    expect(await queueCalls(client(), id, [one])).toEqual([one]);
    expect(await queueCalls(client(), id, [one, two, two])).toEqual([two]);
    expect(await queueCalls(client(), id, [one, two])).toEqual([]);
    const { items } = await client().dialerCampaigns.listNumbers(id);
    expect(items.map(({ number }) => `+${number}`)).toEqual([one, two]);
  });

  it("read by the client what axios reads by hand", async () => {
    const [{ apiId: username, apiToken: password }] = simulator.companies;
    const from = new Date(Date.now() - 5 * 86_400_000);
    const byHand = axios.create({ baseURL: simulator.url, auth: { username, password } });
    const ids = await before(byHand, from);
    expect(ids.length).toBeGreaterThan(50);
    expect(await after(client(), from)).toEqual(ids);
  });
});

describe("the recipes for many", () => {
  it("connect customers by their keys, each to its own calls, and write a file of each at night", async () => {
    const [first, second] = simulator.companies;
    const grants = memoryGrants();
    const customers = express();
    const env = { ...process.env };
    process.env["AIRCALL_API_URL"] = simulator.url;
    const visitor = (req: express.Request) => {
      const tenant = req.get("x-tenant");
      return tenant === undefined ? null : { tenant, isAdmin: req.get("x-admin") === "1" };
    };
    const many = manyCustomers(customers, { grants, visitor });
    process.env = env;
    open.push({ close: () => many.close() });
    const connect = (tenant: string, admin: string, user: string, password: string) =>
      request(customers)
        .post("/settings/aircall")
        .set({ "x-tenant": tenant, "x-admin": admin, "Sec-Fetch-Site": "same-origin" })
        .type("form")
        .send({ user, password });

    expect((await connect("a", "1", first.apiId, first.apiToken)).text).toBe(`Connected to ${first.name}.`);
    expect((await connect("b", "1", second.apiId, second.apiToken)).status).toBe(200);
    expect((await connect("b", "1", second.apiId, "wrong")).status).toBe(422);
    expect((await connect("b", "0", second.apiId, second.apiToken)).status).toBe(403);
    const { body } = await request(customers).get("/calls").set("x-tenant", "b").expect(200);
    const ids = (body as { id: number }[]).map(({ id }) => id);
    expect(second.calls.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));

    const now = new Date();
    const { done, failed } = await nightly(many, folder, now);
    expect([done, failed]).toEqual([2, []]);
    const day = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);
    const lines = readFileSync(join(folder, `a-${day}.csv`), "utf8")
      .trim()
      .split("\n");
    const ofDay = first.calls.filter(({ started_at }) => new Date(started_at * 1000).toISOString().startsWith(day));
    expect(lines[0]).toMatch(/^id,direction/);
    expect(lines.length - 1).toBe(ofDay.length);
    expect((await nightly(many, folder, now)).done).toBe(0);
    const missing = join(folder, "not/there/yet");
    const dayBefore = new Date(now.getTime() - 86_400_000);
    expect(await nightly(many, missing, dayBefore)).toMatchObject({ done: 2, failed: [] });
    expect(readdirSync(missing).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("sign in as passport-aircall did", async () => {
    const app = express();
    passport.serializeUser((user, done) => done(null, user));
    passport.deserializeUser((user: Express.User, done) => done(null, user));
    const secret = "s".repeat(32);
    app.use(session({ secret, resave: false, saveUninitialized: false }), passport.session() as express.RequestHandler);
    const { oauthClientId: clientID, oauthClientSecret: clientSecret, ...addresses } = simulator.oauth;
    const env = { ...process.env };
    process.env["AIRCALL_API_URL"] = addresses.apiUrl;
    process.env["AIRCALL_AUTHORIZE_URL"] = addresses.authorizeUrl;
    process.env["AIRCALL_TOKEN_URL"] = addresses.tokenUrl;
    const callbackURL = "http://localhost:3000/auth/aircall/callback";
    const auth = signIn(app, passport, { clientID, clientSecret, callbackURL });
    process.env = env;
    open.push({ close: () => auth.close() });
    app.get("/", async (req, res) =>
      res.json({ user: req.user, calls: (await req.aircall.calls.list()).items.length }),
    );
    const cookie = await simulator.signIn(app, { headers: { Host: "localhost:3000" } });
    const { body } = await request(app).get("/").set("Cookie", cookie).set("Host", "localhost:3000").expect(200);
    const [{ id, name }] = simulator.companies;
    expect(body).toEqual({ user: { id: String(id), name }, calls: 20 });

    const browser = request.agent(app).set("Host", "localhost:3000");
    const begun = await browser.get("/auth/aircall?return_to=%2Freports");
    const { pathname, search } = new URL(simulator.consent(String(begun.headers["location"])));
    expect((await browser.get(pathname + search)).headers["location"]).toBe("http://localhost:3000/reports");
  });
});
