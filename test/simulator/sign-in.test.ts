import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import express from "express";
import request from "supertest";
import { createConnectedApp, getAndRefresh } from "../support/apps/connected-app";
import { createSimulator, type Simulator } from "express-aircall/simulator";
import { programsOf } from "../docs/pages";
import { startSimulator } from "../support/servers/simulated";

type Example = (given: object) => Promise<void>;

/** Where the app believes to be. */
const headers = { Host: "localhost:1234" };

describe("signing in at an app under test", () => {
  it("gives the cookies with which supertest is signed in, where it was refused before", async () => {
    const simulator = await startSimulator({ kind: true });
    const { app } = createConnectedApp(getAndRefresh(simulator));
    const agent = request.agent(app);
    await agent.get("/calls").expect(401);

    agent.set("Cookie", await simulator.signIn(app, { headers }));

    await agent.get("/calls").expect(200);
    await agent.get("/account").expect(200);
  });

  it("is done by the example in docs/testing.md as it stands", async () => {
    const page = readFileSync(join(__dirname, "../../docs/testing.md"), "utf8");
    const code = programsOf(page)
      .find((program) => /^import .*signIn\(/s.test(program))!
      .replace(/^import .*$/gm, "");
    const lines = runInThisContext(`async ({ request, createSimulator, createApp }) => {${code}}`) as Example;
    const settings: object[] = [];
    const createApp = (options: Simulator["oauth"] & { callbackUrl: string }) => {
      settings.push(options);
      return createConnectedApp({ ...options, initiateOAuth: "GETANDREFRESH" }).app;
    };

    await lines({ request, createSimulator, createApp });

    expect(settings).toHaveLength(1);
  });

  it.each(["Cookie", "cookie"])(
    "connects the account of somebody who has logged in to the app, by %s",
    async (name) => {
      const simulator = await startSimulator({ kind: true });
      const { app } = createConnectedApp(getAndRefresh(simulator), {
        routes: (routes) => {
          routes.get("/login", (req, res) => void res.json(Object.assign(req.session, { user: "Ada" }).user));
          routes.get("/me", async (req, res) => {
            res.json([Reflect.get(req.session, "user"), (await req.aircall.account())?.id]);
          });
        },
      });
      const [mine = ""] = (await request(app).get("/login")).headers["set-cookie"] ?? "";
      const cookie = await simulator.signIn(app, {
        headers: { ...headers, [name]: `theme=dark; ${mine.split(";")[0]}` },
      });
      expect(cookie).toMatch(/^theme=dark; connect\.sid=/);
      const { body } = await request(app).get("/me").set("Cookie", cookie);
      expect(body).toEqual(["Ada", simulator.companies[0].id]);
    },
  );

  it("connects the company that is asked for", async () => {
    const simulator = await startSimulator({ kind: true });
    const { app } = createConnectedApp(getAndRefresh(simulator));
    const { id: companyId } = simulator.companies[1];

    const cookie = await simulator.signIn(app, { companyId, headers });

    await request(app).get("/calls").set("Cookie", cookie).expect(200);
    expect(simulator.requests.at(-1)).toMatchObject({ companyId, status: 200 });
  });

  it("works with a server that listens, with its address, and where the app is mounted", async () => {
    const simulator = await startSimulator({ kind: true });
    const { app } = createConnectedApp(getAndRefresh(simulator, "/phone"), { mount: "/phone" });
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    for (const where of [server, address]) {
      const cookie = await simulator.signIn(where, { path: "/phone/auth/aircall", headers });
      await request(address).get("/phone/calls").set("Cookie", cookie).expect(200);
    }
    await new Promise((resolve) => server.close(resolve));
  });

  it("says what is wrong where the app does not begin to sign in, or refuses the callback", async () => {
    const simulator = await startSimulator();
    const lost = express().get("/auth/aircall", (_req, res) => {
      const query = { client_id: simulator.oauth.oauthClientId, response_type: "code", scope: "public_api" };
      const callback = { redirect_uri: "http://localhost:1/lost" };
      res.redirect(`${simulator.oauth.authorizeUrl}?${new URLSearchParams({ ...query, ...callback }).toString()}`);
    });

    await expect(simulator.signIn(express())).rejects.toThrow(
      "/auth/aircall answered 404 and does not lead to Aircall",
    );
    await expect(simulator.signIn(lost)).rejects.toThrow("it answered the callback /lost with 404");
    await expect(simulator.signIn(lost, { companyId: 1 })).rejects.toThrow("no company 1");
  });
});
