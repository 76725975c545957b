import { aircallAuth, AircallStrategy, requireAircall, type SettingsOptions } from "express-aircall";
import { createPassport } from "../support/apps/passport";
import { useSignInApps } from "../support/apps/sign-in-app";

const start = useSignInApps();

/** An app with its sign-in routes, and settings of its own. */
function startWith(changes: SettingsOptions = {}) {
  return start((app, settings) => {
    app.use(aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH", ...changes }));
    app.get("/", requireAircall(), (_req, res) => void res.send("home"));
  });
}

describe("a sign-in that fails says what to mend", () => {
  it("where the browser sends no cookies", async () => {
    const app = await startWith();
    const callback = await app.consent(app.visitor());
    const { status, text } = await app.visitor().visit(callback);
    expect([status, JSON.parse(text)]).toEqual([
      400,
      { code: "sign_in_state", message: expect.stringContaining("the browser sent no cookies. They are blocked") },
    ]);
  });

  it.each([
    ["refuses connections", { reset: "before" as const }],
    ["is down", { status: 503 }],
  ])("where Aircall's API %s behind its consent page", async (_what, fault) => {
    const app = await startWith({ timeoutMs: 2_000 });
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    app.simulator.fail({ match: { path: "/v1/integrations/me" }, ...fault });
    const { status, text } = await visitor.visit(callback);
    expect([status, JSON.parse(text)]).toMatchObject([502, { code: "sign_in_profile" }]);
    expect(JSON.parse(text).message).toMatch(
      /^Signing in reached Aircall, but its API at 127\.0\.0\.1:\d+ did not answer/,
    );
  });

  it("where the client's secret is wrong", async () => {
    const app = await startWith({ oauthClientSecret: "not this one" });
    const { status, text } = await app.signIn(app.visitor());
    expect([status, JSON.parse(text)]).toMatchObject([502, { code: "sign_in_exchange" }]);
    expect(JSON.parse(text).message).toContain("check OAuthClientSecret (option oauthClientSecret, variable");
  });

  it("where the strategy has another client id than the middleware, before anybody leaves", async () => {
    const app = await start((express, settings) => {
      express.use(aircallAuth(settings));
      express.get(
        "/auth/aircall",
        createPassport(new AircallStrategy({ ...settings, oauthClientId: "another" })).authenticate(),
      );
    });
    const { status, text } = await app.visitor().visit("/auth/aircall");
    expect([status, JSON.parse(text).code]).toEqual([500, "config_invalid"]);
    expect(JSON.parse(text).message).toContain("different client ids");
  });

  it("where the guard is another copy's", async () => {
    const app = await start((express, settings) => {
      express.use(aircallAuth(settings), (req, _res, next) => {
        const shared = {
          [Symbol.for("express-aircall.runtime")]: Reflect.get(req.aircall, Symbol.for("express-aircall.runtime")),
        };
        req.aircall = shared as never;
        next();
      });
      express.get("/", requireAircall(), (_req, res) => void res.send("home"));
    });
    expect(JSON.parse((await app.visitor().visit("/")).text).message).toContain(
      "Two copies of express-aircall are loaded",
    );
  });
});

describe("hosts that pass one cookie", () => {
  it("sign in where it is the session's, which then holds the attempt", async () => {
    const options = { session: { name: "__session" } };
    const app = await start((express, settings) => {
      express.use(aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH", attemptCookie: "__session" }));
      express.get("/", (req, res, next) => void req.aircall.account().then((account) => res.json(account), next));
    }, options);
    const visitor = app.visitor();
    expect((await app.signIn(visitor)).status).toBe(302);
    expect(JSON.parse((await visitor.visit("/")).text)).toMatchObject({ id: app.simulator.companies[0].id });
  });

  it("sign in where it is another, in two tabs", async () => {
    const app = await startWith({ attemptCookie: "app_attempts" });
    const visitor = app.visitor();
    await app.signIn(visitor);
    const [one, other] = [await app.consent(visitor), await app.consent(visitor)];
    expect([await visitor.visit(one), await visitor.visit(other)].map(({ status }) => status)).toEqual([302, 302]);
  });
});

describe("a client secret that is changed", () => {
  it("does not end the sign-ins under way", async () => {
    let at: "before" | "after" | "without" = "before";
    const app = await start((express, settings) => {
      const connecting = { ...settings, initiateOAuth: "GETANDREFRESH" as const };
      const auths = {
        before: aircallAuth({ ...connecting, oauthClientSecret: "the old one" }),
        after: aircallAuth({ ...connecting, previousClientSecret: "the old one" }),
        without: aircallAuth(connecting),
      };
      express.use((req, res, next) => auths[at](req, res, next));
    });
    const visitor = app.visitor();
    const callbacks = [await app.consent(visitor), await app.consent(visitor)];
    at = "without";
    expect((await visitor.visit(callbacks[0]!)).status).toBe(400);
    at = "after";
    expect((await visitor.visit(callbacks[1]!)).status).toBe(302);
  });
});
