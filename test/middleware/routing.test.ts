import { createServer, type RequestListener } from "node:http";
import express, { type Express, type RequestHandler } from "express";
import request from "supertest";
import type { AircallAuthOptions } from "express-aircall";
import { browserAt, createConnectedApp, getAndRefresh, origin, signIn } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

const visit = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", Host: new URL(origin).host };
const served = ["/auth/aircall", "/auth/aircall/install", "/auth/aircall/callback", "/auth/aircall/logout"];

/** An address may be spelt in many ways; the app's own routes say which of them are the same. */
const spellings: ((path: string) => string)[] = [
  (path) => path,
  (path) => `${path}/`,
  (path) => `${path}//`,
  (path) => `/${path}`,
  (path) => path.toUpperCase(),
  (path) => `${path.replace("/aircall", "/Aircall")}/`,
  (path) => path.replace("/aircall", "/%61ircall"),
  (path) => path.replace("/auth/", "/auth//"),
  (path) => path.replace("/auth/", "/auth/./"),
  (path) => path.replace("/aircall", "/aircall%2F"),
  (path) => `${path};x=1`,
  (path) => `${path}?`,
  (path) => `${path}/?x=/`,
  (path) => `http://elsewhere.example${path}`,
];

const rules = [[], ["case sensitive routing"], ["strict routing"], ["case sensitive routing", "strict routing"]];

describe.each(rules.map((names) => [names.join(" and ") || "Express's defaults", names] as const))(
  "with %s",
  (_which, names) => {
    const enable = (app: Express) => names.forEach((name) => app.enable(name));

    it.each(["", "/crm"])(
      "serves at '%s' what routes of the app's own would answer, and nothing else",
      async (mount) => {
        const { app } = await startWith(mount, enable);
        const own = express();
        enable(own);
        for (const path of served) own.all(mount + path, (_req, res) => void res.send("own"));

        const differences: string[] = [];
        for (const path of served) {
          for (const spell of spellings) {
            const target = spell(mount + path);
            const [ours, theirs] = [await statusOf(app, target), await statusOf(own, target)];
            if ((ours === 404) !== (theirs === 404)) differences.push(`${target}: ${ours}, own ${theirs}`);
          }
        }
        expect(differences).toEqual([]);
      },
    );
  },
);

describe("the query of our routes", () => {
  const parsers: [string, (app: Express) => unknown][] = [
    ["Express's simple parser", (app) => app.set("query parser", "simple")],
    ["the extended one", (app) => app.set("query parser", "extended")],
    ["none", (app) => app.set("query parser", false)],
    ["one of the app's own", (app) => app.set("query parser", () => ({ return_to: "/theirs", add: "0" }))],
    ["one that keeps raw text", (app) => app.set("query parser", (text: string) => text)],
  ];

  it.each(parsers)("is read with %s", async (_which, set) => {
    const { browser, simulator } = await startWith("", set);
    const [first, second] = simulator.companies;
    await signIn(browser, simulator);
    const at = `/auth/aircall?${new URLSearchParams({ return_to: "/calls?a=1&b=ä +", add: "1" }).toString()}`;
    const back = await signIn(browser, simulator, { at, companyId: second.id });
    expect(back.headers["location"]).toBe(`${origin}/calls?a=1&b=%C3%A4%20+`);
    expect((await browser.visit("/accounts")).body).toMatchObject([{ id: second.id }, { id: first.id }]);
    const out = await browser.submit("/auth/aircall/logout?return_to=%2Fbye");
    expect(out.headers["location"]).toBe(`${origin}/bye`);
  });

  it.each(["return_to=/a&return_to=/b", "return_to[]=/a", "return_to[x]=/a", "return_to", "RETURN_TO=/a", "&&=&"])(
    "leads home where it says no page: %s",
    async (query) => {
      const { browser, simulator } = await startWith("", () => undefined);
      expect((await signIn(browser, simulator, { at: `/auth/aircall?${query}` })).headers["location"]).toBe(
        `${origin}/`,
      );
    },
  );
});

describe("a mount path that visitors spell otherwise", () => {
  it("lets them in and out all the same", async () => {
    const { browser, simulator } = await startWith("/crm", () => undefined);
    const back = await signIn(browser, simulator, { at: "/CRM/Auth/Aircall/?return_to=/CRM/calls" });
    expect(back.headers["location"]).toBe(`${origin}/CRM/calls`);
    expect((await browser.visit("/CRM/calls")).body).toEqual({ calls: 5 });
    expect((await browser.submit("/crm/AUTH/aircall/logout/")).headers["location"]).toBe(`${origin}/crm/`);
  });

  it("never leads to another site, whatever they type", async () => {
    const simulator = await startSimulator();
    const { app } = createConnectedApp(getAndRefresh(simulator), { mount: "/*all", routes: guardEverything });
    for (const path of ["//evil.example/x", "//evil.example/auth/aircall", "/\\evil.example/x", "/.//evil.example/x"]) {
      const { location = "/" } = (await ask(app, path)).headers;
      expect(new URL(location, origin).origin).toBe(origin);
    }
  });
});

async function startWith(mount: string, set: (app: Express) => unknown, changes: AircallAuthOptions = {}) {
  const simulator = await startSimulator();
  const settings = { ...getAndRefresh(simulator, mount), ...changes };
  const inside = createConnectedApp(settings, {
    mount,
    routes: (app) => {
      app.get("/accounts", async (req, res) => void res.json(await req.aircall.accounts()));
    },
  });
  set(inside.app);
  return { ...inside, simulator, browser: browserAt(inside) };
}

const guardEverything = (app: Express) => {
  const guard: RequestHandler = (req, _res, next) => void req.aircall.calls.list().then(() => next(), next);
  app.use("/*all", guard);
};

async function statusOf(app: RequestListener, target: string): Promise<number> {
  return (await ask(app, target)).status;
}

/** As it is, which supertest would tidy. */
function ask(app: RequestListener, target: string) {
  const server = createServer((req, res) => {
    req.url = target;
    app(req, res);
  });
  return request(server).get("/").set(visit);
}
