import express from "express";
import request from "supertest";
import { createSimulator, type Delivery, type Simulator } from "express-aircall/simulator";
import { startSimulator } from "../support/servers/simulated";
import { startReceiver } from "../support/servers/webhook-receiver";

function look(simulator: Simulator) {
  return request(simulator.url).get("/").accept("text/html");
}

describe("the simulator's page", () => {
  it("shows what was asked, of whom, and how it was answered", async () => {
    const simulator = await startSimulator({ rateLimit: 1 });
    const { name, calls } = simulator.companies[0];
    const { user, password } = simulator.basic;
    for (const path of [`/v1/calls/${calls[0]?.id}`, "/v1/ping"]) {
      await request(simulator.url).get(path).auth(user, password);
    }

    const { text } = await look(simulator);

    const rows = text.split("</tr>").filter((row) => row.includes('class="method"'));
    expect(rows[0]).toMatch(new RegExp(`/v1/ping.*>429 <.*${name}.*Basic`, "s"));
    expect(rows[1]).toMatch(new RegExp(`/v1/calls/:id.*>200<.*${name}.*Basic`, "s"));
    expect(text).toContain("<dt>Refused by the rate limit</dt><dd>1</dd>");
    expect(text).toContain("0 of 1");
  });

  it("shows no query, body, id or token, and nothing of a path that it does not know", async () => {
    const simulator = await startSimulator();
    const { access_token } = simulator.issueToken();
    const [user] = simulator.companies[0].users;
    const client = request.agent(simulator.url).auth(access_token, { type: "bearer" });
    await client.post(`/v1/users/${user?.id}/dial`).send({ to: "+33199001234" }).expect(204);
    await client.get("/v1/calls/search?phone_number=%2B33199001234");
    await client.get(`/v2/users/${user?.email}`);
    await client.get("/private/33199001234/<img src=x>?sentinel=1");

    const { text } = await look(simulator);

    expect(text).toContain(String(user?.name));
    expect(text).toContain(`<code>${access_token.slice(0, 4)}…</code>`);
    for (const secret of [access_token.slice(0, 8), "33199001234", "sentinel", String(user?.email), "<img", "%3Cimg"]) {
      expect(text).not.toContain(secret);
    }
  });

  it("says why, beside what was refused", async () => {
    const simulator = await startSimulator({ entitlements: { dialer: false } });
    const { access_token } = simulator.issueToken();
    const { id } = simulator.companies[0].users[0]!;
    const ask = (path: string) => request(simulator.url).get(path);
    const app = (path: string) => ask(path).auth(simulator.issueToken().access_token, { type: "bearer" });
    simulator.revoke(access_token);
    await ask("/v1/ping");
    await ask("/v1/ping").auth(access_token, { type: "bearer" });
    await ask("/v1/ping").auth("nobody", { type: "bearer" });
    await ask("/v1/ping").auth("nobody", "x");
    await app("/v1/calls/1");
    await app(`/v1/users/${id}/dialer_campaign`);
    await app("/v1/nowhere");
    simulator.fail({ status: 404, times: 1 });
    await app("/v1/ping");

    const { text } = await look(simulator);

    const said = [...text.matchAll(/>(\d+) <span class="why">(.*?)<\/span>/g)].map(([, status, why]) => [status, why]);
    expect(said.reverse()).toEqual([
      ["401", "There is no Authorization header"],
      ["403", "This token was revoked"],
      ["403", "There is no such token"],
      ["403", "There is no such API key"],
      ["404", "There is no call with this id"],
      ["403", "dialer is not part of this company&#39;s plan"],
      ["404", "There is no such address"],
      ["404", "A fault made it fail"],
    ]);
  });

  it("says nothing of what was in a body that was refused", async () => {
    const simulator = await startSimulator();
    const { user, password } = simulator.basic;
    await request(simulator.url).post("/v1/tags").auth(user, password).send({ "+33199001234": 1 }).expect(400);

    expect((await look(simulator)).text).not.toContain("33199001234");
    expect(simulator.requests.at(-1)?.reason).toBe("+33199001234 is not known here");
  });

  it.each([
    ["another site", { Origin: "https://elsewhere.example" }],
    ["another port", { "Sec-Fetch-Site": "same-site" }],
  ])("does nothing for a form of %s", async (_whose, headers) => {
    const simulator = await startSimulator();
    const fault = { effect: "unavailable", times: 1 };

    await request(simulator.url).post("/simulator/faults").set(headers).type("form").send(fault).expect(403);

    await request(simulator.url).get("/v1/ping").expect(401);
  });

  it.each([
    ["missed-call", { company_id: 1 }],
    ["whole-call", { company_id: 1 }],
    ["faults", { effect: "toString", times: 1 }],
    ["faults", { effect: "unavailable", times: 0 }],
    ["faults", { effect: "unavailable", times: 1, path: "v1/calls" }],
  ])("refuses what no form of its own sends to %s: %j", async (path, sent) => {
    const simulator = await startSimulator();
    await request(simulator.url).post(`/simulator/${path}`).type("form").send(sent).expect(400);
  });

  it("shows what was sent where, how often and with what answer, and sends it again", async () => {
    const simulator = await startSimulator({ webhooks: { retryMs: 0, attempts: 2 } });
    const receiver = await startReceiver((res, _received, count) => void res.writeHead(count === 3 ? 200 : 502).end());
    const { token } = simulator.addWebhook({ url: `${receiver.url}?secret=sentinel` });
    const [{ id, body }] = simulator.emit("call.ended") as [Delivery];
    await simulator.settled();

    await request(simulator.url).post(`/simulator/deliveries/${id}/again`).expect(303);
    await simulator.settled();
    const { text } = await look(simulator);

    const rows = text.split("</tr>").filter((row) => row.includes("Send call.ended again"));
    expect(rows[0]).toMatch(new RegExp(`${new URL(receiver.url).host}/events<.*>200 .*delivered.*1 try`, "s"));
    expect(rows[1]).toMatch(/>502 .*given up.*2 tries/s);
    expect(receiver.received).toHaveLength(3);
    const { raw_digits } = body["data"] as { raw_digits: string };
    for (const secret of ["sentinel", token, raw_digits]) expect(text).not.toContain(secret);
  });

  it("says which webhooks were switched off", async () => {
    const simulator = await startSimulator({ webhooks: { attempts: 1, disableAfter: 1 } });
    const receiver = await startReceiver((res) => void res.writeHead(500).end());
    simulator.addWebhook({ url: receiver.url });
    simulator.emit("call.ended");
    await simulator.settled();

    expect((await look(simulator)).text).toContain("is switched off after 1 failure.");
  });

  it.each(["missed-call", "whole-call"])("tells webhooks of a %s that is asked for there", async (path) => {
    const simulator = await startSimulator();
    const receiver = await startReceiver();
    const { id } = simulator.companies[1];
    simulator.addWebhook({ url: receiver.url, companyId: id, events: ["call.ended"] });

    await request(simulator.url).post(`/simulator/${path}`).type("form").send({ company_id: id }).expect(303);
    while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

    expect(receiver.events()).toEqual(["call.ended"]);
  });

  it("runs nothing but itself, and escapes even the address it was reached at", async () => {
    const simulator = await startSimulator();

    const { headers, text } = await look(simulator).set("Host", "<script>alert(1)</script>");

    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-.*'; script-src 'sha256-/,
    );
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(text).not.toContain("<script>alert");
  });

  it("names its companies with their ids, and says to use one block of settings", async () => {
    const simulator = await startSimulator();

    const { text } = await look(simulator);

    for (const { id, name } of simulator.companies) expect(text).toContain(`<li><code>${id}</code> ${name}</li>`);
    expect(text).toContain("one of these two blocks, not both");
  });

  it("leaves no trace of those who look", async () => {
    const simulator = await startSimulator();
    await look(simulator).expect(200);

    expect([simulator.requests, simulator.counts.requests]).toEqual([[], 0]);
  });

  it("gives way to the API for those who do not ask for HTML", async () => {
    const simulator = await startSimulator();

    const { body } = await request(simulator.url).get("/").accept("application/json");

    expect(body.resource).toMatch(/Aircall/);
  });

  it("is there too where the simulator is mounted, with the settings for that address", async () => {
    const simulator = createSimulator({ url: "http://shop.example/aircall" });
    const app = express().use("/aircall", simulator.handler);

    const { text } = await request(app).get("/aircall").accept("text/html").set("Host", "shop.example");

    expect(text).toContain("AIRCALL_API_URL=http://shop.example/aircall\n");
  });
});
