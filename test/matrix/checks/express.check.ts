import { startSimulator } from "../../support/servers/simulated";
import { delivery, token } from "../../webhooks/parse/deliveries";
import { follow, startIn } from "../consumer";

const assetBytes = 20_000;
const expresses = [
  { consumer: "express-4", express: /^4\.2/, passport: /^0\.6/ },
  { consumer: "express-5", express: /^5\./, passport: /^0\.7/ },
];

describe.each(expresses)("the packed library in $consumer", ({ consumer, express, passport }) => {
  async function startJourney() {
    const simulator = await startSimulator({ assetBytes });
    const app = await startIn(consumer, "journey.cjs", simulator.oauth);
    return { simulator, ...app };
  }

  it("signs somebody in, shows the page they wanted, plays a recording and signs them out", async () => {
    const { simulator, person, about } = await startJourney();
    expect(about["express"]).toMatch(express);
    const calls = await follow(person, simulator, "/calls");
    expect([calls.status, JSON.parse(calls.text)]).toEqual([200, expect.any(Array)]);

    const [{ id: company, calls: kept }] = simulator.companies;
    const { id } = kept.find(({ recording }) => recording !== null)!;
    expect((await person.visit(`/recordings-of/${id}`)).text).toHaveLength(assetBytes);
    const { text: link } = await person.visit(`/link/${company}/${id}`);
    expect((await person.copy().visit(link)).text).toHaveLength(assetBytes);

    const sameOrigin = { "sec-fetch-site": "same-origin" };
    expect((await person.visit("/auth/aircall/logout", { method: "POST", headers: sameOrigin })).status).toBe(303);
    expect((await person.visit("/calls", { headers: asked })).status).toBe(401);
  });

  it("answers whoever has nothing connected, and lives on", async () => {
    const { person, alive } = await startJourney();
    expect((await person.visit("/calls", { headers: asked })).status).toBe(401);
    expect((await person.visit("/unguarded", { headers: asked })).status).toBe(401);
    expect((await person.visit("/recordings-of/7", { headers: asked })).status).toBe(401);
    expect((await person.visit("/recordings/forged")).status).toBe(404);
    expect((await person.visit("/auth/aircall/callback")).status).toBe(400);
    expect((await person.visit("/auth/aircall", { headers: asked })).status).toBe(401);
    expect(alive()).toBe(true);
  });

  it("receives webhooks, each once, and lives on though a handler fails", async () => {
    const { oauth } = await startSimulator();
    const { about, person, alive } = await startIn(consumer, "journey.cjs", oauth, {
      variables: { WEBHOOK_TOKEN: token },
    });
    const send = async (body: object) => {
      const init = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      return (await fetch(`${about["origin"]}/events`, init)).status;
    };
    expect(await Promise.all([send(delivery()), send(delivery()), send(delivery({ token: "forged" }))])).toEqual([
      ...[200, 200, 401],
    ]);
    expect(await send(delivery({ event: "call.created" }))).toBe(200);
    expect(JSON.parse((await person.visit("/handled")).text)).toEqual([[expect.any(String), "function"]]);
    expect(alive()).toBe(true);
  });

  it("signs somebody in by Passport, and out", async () => {
    const simulator = await startSimulator();
    const { person, about } = await startIn(consumer, "passport.cjs", simulator.oauth);
    expect(about["passport"]).toMatch(passport);
    expect((await person.visit("/me", { headers: asked })).status).toBe(401);
    const me = JSON.parse((await follow(person, simulator, "/login")).text) as object;
    const [{ id, name }] = simulator.companies;
    expect(me).toEqual({ user: id, name });

    await person.visit("/logout", { method: "POST" });
    expect((await person.visit("/me", { headers: asked })).status).toBe(401);
  });
});

/** What a script of a page sends: it is answered in place of being sent to sign in. */
const asked = { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty", accept: "application/json" };
