import { aircallAuth, AircallStrategy, memoryGrants } from "express-aircall";
import { doors } from "../support/apps/doors";
import { createClock } from "../support/grants";
import { createPassport } from "../support/apps/passport";
import { callbackPath, useSignInApps, type SignInApp } from "../support/apps/sign-in-app";
import type { Visitor } from "../support/browser/visitor";

const start = useSignInApps();

interface Begun {
  readonly app: SignInApp;
  readonly visitor: Visitor;
  readonly state: string;
  /** A code that the token endpoint would take. */
  readonly code: string;
}

/** Somebody who has consented and is about to come back. */
async function consented(app: SignInApp): Promise<Begun> {
  const visitor = app.visitor();
  const query = new URL(await app.consent(visitor), app.origin).searchParams;
  return { app, visitor, state: String(query.get("state")), code: String(query.get("code")) };
}

/** Changes the one cookie of the attempt. */
function spoil(visitor: Visitor, change: (sealed: string) => string): void {
  for (const [name, sealed] of visitor.cookies) visitor.cookies.set(name, change(sealed));
}

const flipped = (text: string, at: number) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

type Attack = (begun: Begun) => { query: string; as?: Visitor } | Promise<{ query: string; as?: Visitor }>;

const attacks: [name: string, attack: Attack][] = [
  ["forged", ({ code }) => ({ query: `code=${code}&state=${"f".repeat(43)}` })],
  ["missing", ({ code }) => ({ query: `code=${code}` })],
  ["empty", ({ code }) => ({ query: `code=${code}&state=` })],
  ["repeated", ({ code, state }) => ({ query: `code=${code}&state=${state}&state=${state}` })],
  ["an array", ({ code, state }) => ({ query: `code=${code}&state[]=${state}` })],
  ["a prefix", ({ code, state }) => ({ query: `code=${code}&state=${state.slice(0, 42)}` })],
  ["longer by one", ({ code, state }) => ({ query: `code=${code}&state=${state}A` })],
  ["in other letters", ({ code, state }) => ({ query: `code=${code}&state=${state.toLowerCase()}` })],
  ["another browser's", ({ app, code, state }) => ({ query: `code=${code}&state=${state}`, as: app.visitor() })],
  [
    "another person's, who is under way too",
    async ({ app, code, state }) => ({ query: `code=${code}&state=${state}`, as: (await consented(app)).visitor }),
  ],
  ["its own, with the cookie cut", (begun) => (spoil(begun.visitor, (sealed) => sealed.slice(0, -1)), answer(begun))],
  [
    "its own, with the cookie flipped",
    (begun) => (spoil(begun.visitor, (sealed) => flipped(sealed, 40)), answer(begun)),
  ],
  ["its own, with the cookie empty", (begun) => (spoil(begun.visitor, () => ""), answer(begun))],
];

function answer({ code, state }: Begun) {
  return { query: `code=${code}&state=${state}` };
}

describe.each(doors)("state by %s (RFC 6749, section 10.12)", (_door, wire) => {
  it.each(attacks)("is refused before a code is sent: %s", async (_name, attack) => {
    const begun = await consented(await start(wire));
    const { query, as = begun.visitor } = await attack(begun);

    const { status, location } = await as.visit(`${callbackPath}?${query}`);

    expect([status, location]).toEqual([400, ""]);
    expect(begun.app.simulator.counts.tokenRequests).toBe(0);
    expect(await begun.app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it("is used up by its first callback", async () => {
    const begun = await consented(await start(wire));
    const callback = `${callbackPath}?${answer(begun).query}`;
    await begun.visitor.visit(callback);
    expect((await begun.visitor.visit(callback)).status).toBe(400);
    expect(begun.app.simulator.counts.tokenRequests).toBe(1);
  });

  it("brings nobody back with a copied cookie once they have disconnected", async () => {
    const begun = await consented(await start(withLogout(wire)));
    const copied = begun.visitor.copy();
    await begun.visitor.visit(`${callbackPath}?${answer(begun).query}`);
    await begun.visitor.visit("/disconnect");

    expect((await copied.visit(`${callbackPath}?${answer(begun).query}`)).status).toBe(400);
    expect(begun.app.simulator.counts.tokenRequests).toBe(1);
    expect((await begun.app.stored()).records).toBe(0);
  });

  it("cannot be turned off", async () => {
    const app = await start((express, settings) => {
      const passport = createPassport(new AircallStrategy(settings));
      const off = { state: undefined, session: false } as object;
      express.get("/auth/aircall", passport.authenticate(off));
      express.get(callbackPath, passport.authenticate(off));
    });
    const visitor = app.visitor();
    const { location } = await visitor.visit("/auth/aircall");
    expect(new URL(location).searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    expect((await visitor.visit(`${callbackPath}?code=a`)).status).toBe(400);
  });
});

describe("a replay with the old cookie", () => {
  it("is refused after the minute in which a doubled callback is forgiven", async () => {
    const clock = createClock(Date.now());
    const grants = memoryGrants({ now: clock.now });
    const app = await start((express, settings) => {
      express.use(aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH", grants }));
    });
    const begun = await consented(app);
    const copied = begun.visitor.copy();
    const callback = `${callbackPath}?${answer(begun).query}`;
    await begun.visitor.visit(callback);

    clock.pass(61_000);

    expect((await copied.visit(callback)).status).toBe(400);
    expect(app.simulator.counts.tokenRequests).toBe(1);
  }, 10_000);
});

function withLogout(wire: (typeof doors)[number][1]): (typeof doors)[number][1] {
  return (app, settings) => {
    wire(app, settings);
    app.get("/disconnect", async (req, res) => {
      await req.aircall.disconnect();
      res.send("bye");
    });
  };
}
