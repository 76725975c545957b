import express from "express";
import { aircallAuth, type AircallEvent, type UnnamedEvent } from "express-aircall";
import { startSimulator } from "../support/servers/simulated";
import { delivery, endedCall, token } from "./parse/deliveries";
import { companiesAuth, post, startReceiving } from "./receiving";

const body = JSON.stringify(delivery());

describe("aircallWebhooks", () => {
  it("hands an event on, and answers when that is done", async () => {
    const seen: AircallEvent<"call.ended">[] = [];
    const { send } = await startReceiving({ on: { "call.ended": (event) => void seen.push(event) } });
    expect(await send(delivery())).toBe(200);
    expect(seen).toEqual([
      {
        name: "call.ended",
        data: endedCall,
        kind: "webhook",
        resource: "call",
        companyId: null,
        companyRef: null,
        timestamp: new Date(1_790_000_123_000),
        id: "own/call.ended/4200000001",
        late: false,
        source: "webhook",
        signal: expect.any(AbortSignal),
        client: expect.any(Function),
      },
    ]);
  });

  it.each([
    ["no parser", []],
    ["express.json()", [express.json()]],
    ["express.text()", [express.text({ type: "*/*" })]],
    ["express.raw()", [express.raw({ type: "*/*" })]],
    ["express.urlencoded()", [express.urlencoded({ extended: true })]],
    ["what Express 4 leaves", [((req, _res, next) => ((req.body = {}), next())) as express.RequestHandler]],
  ])("reads the body behind %s", async (_, before) => {
    const seen: unknown[] = [];
    const { send } = await startReceiving({ on: { "call.ended": ({ data }) => void seen.push(data) } }, { before });
    expect(await send(delivery())).toBe(200);
    expect(seen).toEqual([endedCall]);
  });

  it("says so when something before it has eaten the body", async () => {
    const eat: express.RequestHandler = (req, _res, next) => void req.resume().on("end", next);
    const { send, errors } = await startReceiving({ onAny: () => undefined }, { before: [eat] });
    expect(await send(delivery())).toBe(500);
    expect(errors).toEqual([expect.objectContaining({ code: "config_invalid" })]);
    expect(String(errors[0])).toContain("before aircallWebhooks()");
  });

  it("hands on to onAny what `on` does not name", async () => {
    const seen: string[] = [];
    const { send } = await startReceiving({
      on: { "call.ended": () => void seen.push("on") },
      onAny: ({ name }: UnnamedEvent) => void seen.push(name),
    });
    const sent = [delivery(), delivery({ event: "call.created" }), delivery({ event: "fax.received" })];
    for (const one of sent) expect(await send(one)).toBe(200);
    expect(seen).toEqual(["on", "call.created", "fax.received"]);
  });

  it("takes with 200 what nobody handles", async () => {
    const { send } = await startReceiving({ on: { "call.ended": () => undefined } });
    expect(await send(delivery({ event: "fax.received" }))).toBe(200);
  });

  it("leaves other addresses to the app", async () => {
    const { url } = await startReceiving({ onAny: () => undefined });
    const statuses = ["/other", "/deeper"].map(async (path) => (await post(url + path, body)).status);
    expect(await Promise.all(statuses)).toEqual([404, 404]);
    expect((await post(`${url}/?tenant=7`, body)).status).toBe(200);
  });

  it("tells which company it is by the token that is kept beside the grants, and of no other", async () => {
    const { auth, keepToken, keepTokenOf } = companiesAuth();
    const seen: unknown[] = [];
    const onAny = ({ companyId, companyRef, id }: UnnamedEvent) => void seen.push([companyId, companyRef, id]);
    const { send } = await startReceiving({ tokens: [], onAny }, { auth });
    expect(await send(delivery())).toBe(401);
    await keepToken(7);
    await keepTokenOf("acme", "token-of-acme");
    expect([await send(delivery()), await send(delivery({ token: "token-of-acme" }))]).toEqual([200, 200]);
    expect(seen).toEqual([
      [7, null, "id:7/call.ended/4200000001"],
      [null, "acme", "ref:acme/call.ended/4200000001"],
    ]);
  });

  it("hands an event on for each of two tenants that share a token", async () => {
    const { auth, keepTokenOf } = companiesAuth();
    const seen: unknown[] = [];
    await keepTokenOf("acme");
    await keepTokenOf("globex");
    const { send } = await startReceiving(
      { onAny: ({ companyRef }) => void seen.push(companyRef), tokens: [] },
      { auth },
    );
    expect(await send(delivery())).toBe(200);
    expect(seen.sort()).toEqual(["acme", "globex"]);
  });

  it("takes tokens that the app manages, with their company, by list or by request", async () => {
    const { auth } = companiesAuth();
    const seen: unknown[] = [];
    const { url } = await startReceiving(
      {
        tokens: [{ token: "listed", company: 7 }],
        tokenFor: (req) => (req.url?.includes("tenant=acme") ? { token: "asked", company: { ref: "acme" } } : null),
        onAny: ({ companyId, companyRef }) => void seen.push(companyId ?? companyRef),
      },
      { auth },
    );
    const sent = async (query: string, token: string) =>
      (await post(url + query, JSON.stringify(delivery({ token })))).status;
    expect(await sent("", "listed")).toBe(200);
    expect(await sent("?tenant=acme", "asked")).toBe(200);
    expect(await sent("", "asked")).toBe(401);
    expect(seen).toEqual([7, "acme"]);
  });

  it("answers 503 when the app cannot say which token it is", async () => {
    const tokenFor = () => Promise.reject(new Error("the database is away"));
    const { send } = await startReceiving({ tokens: [], tokenFor, onAny: () => undefined });
    expect(await send(delivery())).toBe(503);
  });

  it("takes a number's callback by its own tokens only", async () => {
    const seen: unknown[] = [];
    const { send } = await startReceiving({
      numberTokens: ["number"],
      onAny: ({ name, kind }) => void seen.push([name, kind]),
    });
    const callback = { ...delivery({ token: "number" }), event: undefined, event_name: "message.updated" };
    expect([
      await send(callback),
      await send({ ...callback, token }),
      await send(delivery({ token: "number" })),
    ]).toEqual([200, 401, 401]);
    expect(seen).toEqual([["message.updated", "callback"]]);
  });

  it("gives the handler its company's client, in the lane that fits", async () => {
    const simulator = await startSimulator();
    const auth = aircallAuth(simulator.basic);
    const names: string[] = [];
    const onAny = async (event: UnnamedEvent) => void names.push((await (await event.client()).company.get()).name);
    const { send } = await startReceiving({ onAny }, { auth });
    expect(await send(delivery())).toBe(200);
    expect(names).toEqual([simulator.companies[0].name]);
    await auth.close();
  });

  it("works for the company that a token of the app's own does not name in no request", async () => {
    const { auth } = companiesAuth();
    const failures: unknown[] = [];
    const { send } = await startReceiving(
      { onAny: async (event) => void (await event.client()), onError: (error) => void failures.push(error) },
      { auth },
    );
    expect(await send(delivery())).toBe(200);
    expect(failures).toEqual([expect.objectContaining({ code: "config_invalid" })]);
  });
});
