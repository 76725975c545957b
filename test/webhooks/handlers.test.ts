import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { AircallClient } from "../../src/client/client";
import type { CompanyLike } from "../../src/config/company-id";
import type { EventJson, UnnamedEvent } from "../../src/webhooks/event";
import { createHandlers, type Handler, type HandlersParts } from "../../src/webhooks/handlers";

const sentAt = Date.parse("2026-11-30T10:00:00Z");

function event(changes: Partial<EventJson> = {}): EventJson {
  return {
    id: "own/call.ended/7",
    ...{ name: "call.ended", kind: "webhook", resource: "call", companyId: 7, companyRef: null },
    ...{ sentAt, receivedAt: sentAt + 5_000, source: "webhook", data: { id: 7 } },
    ...changes,
  };
}

/** Handlers of an app whose companies connect, and what was asked of its clients. */
function open(parts: Partial<HandlersParts> = {}) {
  const [asked, warned]: [unknown[], string[]] = [[], []];
  const client = { withOptions: (options: object) => (asked.push(options), client) } as unknown as AircallClient;
  const auth = { keepsGrants: true, clientFor: (company: CompanyLike) => (asked.push(company), client) };
  const handlers = createHandlers({ ...bare, auth, warn: (message) => void warned.push(message), ...parts });
  return { handlers, asked, warned, client };
}

const bare = {
  ...{ on: new Map<string, Handler>(), onAny: null, onError: null, timeoutMs: 1_000 },
  first: () => Promise.resolve(),
};

const never = () => new Promise<never>(() => undefined);

describe("the handlers of an app", () => {
  it("are given an event with all that it says", async () => {
    const seen: UnnamedEvent[] = [];
    const { handlers } = open({ onAny: (one) => void seen.push(one) });
    await handlers.run(event(), true);
    await handlers.run(event({ sentAt: null, companyId: null, companyRef: "acme" }), false);
    const { sentAt: _, receivedAt, ...rest } = event();
    const own = { signal: expect.any(AbortSignal), client: expect.any(Function) };
    expect(seen).toEqual([
      { ...rest, ...own, timestamp: new Date(sentAt), late: true },
      { ...rest, ...own, companyId: null, companyRef: "acme", timestamp: new Date(receivedAt), late: false },
    ]);
  });

  it("are the one that is named, or the one for all others, behind the library's own work", async () => {
    const order: string[] = [];
    const named = new Map<string, Handler>([["call.ended", () => void order.push("on")]]);
    const first = ({ name }: EventJson) => Promise.resolve(void order.push(`first of ${name}`));
    const { handlers } = open({ on: named, onAny: () => void order.push("onAny"), first });
    await handlers.run(event(), false);
    await handlers.run(event({ name: "fax.sent" }), false);
    expect(order).toEqual(["first of call.ended", "on", "first of fax.sent", "onAny"]);
    await open({ on: named }).handlers.run(event({ name: "fax.sent" }), false);
    expect(order).toHaveLength(4);
  });

  it("are not asked where the library's own work fails", async () => {
    let handled = 0;
    const cause = Object.assign(new Error("no store"), { code: "ECONNRESET" });
    const { handlers } = open({ onAny: () => void (handled += 1), first: () => Promise.reject(cause) });
    await expect(handlers.run(event(), false)).rejects.toMatchObject({
      code: "webhook_busy",
      message: "What call.ended asks for cannot be done now.",
      cause: { code: "ECONNRESET" },
    });
    expect(handled).toBe(0);
  });

  it("have the client of the event's company, in the lane that fits, until their time is up", async () => {
    const clients: unknown[] = [];
    const { handlers, asked, client } = open({ onAny: async (one) => void clients.push(await one.client()) });
    await handlers.run(event(), false);
    await handlers.run(event({ name: "call.created", companyId: null, companyRef: "acme" }), false);
    const signal = expect.any(AbortSignal);
    expect(asked).toEqual([7, { lane: "bulk", signal }, { ref: "acme" }, { lane: "interactive", signal }]);
    expect(clients).toEqual([client, client]);
  });

  it("have no client of an event that is nobody's, but where the app has one company", async () => {
    const nobodys = event({ companyId: null });
    const onAny = async (one: UnnamedEvent) => void (await one.client());
    const several = open({ onAny });
    await expect(several.handlers.run(nobodys, false)).rejects.toThrow(
      "This event's token does not say whose it is: give aircallWebhooks({ tokens: [{ token, company }] }) the company.",
    );
    expect(several.asked).toEqual([]);

    const clientFor = (company: CompanyLike) => several.client.withOptions({ company } as object);
    const one = open({ onAny, auth: { keepsGrants: false, clientFor } });
    await expect(one.handlers.run(nobodys, false)).resolves.toBeUndefined();
  });

  it("fail with what they threw, or as their time is up, which their signal says too", async () => {
    const thrown = new Error("no");
    await expect(open({ onAny: () => Promise.reject(thrown) }).handlers.run(event(), false)).rejects.toBe(thrown);

    jest.useFakeTimers();
    const signals: AbortSignal[] = [];
    const { handlers } = open({ onAny: ({ signal }) => (signals.push(signal), never()) });
    const ran = handlers.run(event(), false).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await jest.advanceTimersByTimeAsync(1);
    const error = await ran;
    expect(error).toMatchObject({
      code: "webhook_handler_timeout",
      message: "The handler of call.ended took longer than 1000 ms.",
    });
    expect(signals[0]!.reason).toBe(error);
    jest.useRealTimers();
  });

  it("see one signal, however often they look", async () => {
    const signals: AbortSignal[] = [];
    const { handlers, asked } = open({
      onAny: async (one) => {
        signals.push(one.signal, one.signal);
        await one.client();
      },
    });
    await handlers.run(event(), false);
    expect(new Set([...signals, (asked[1] as { signal: AbortSignal }).signal]).size).toBe(1);
  });
});

describe("the failure of a handler", () => {
  const thrown = new Error("no");

  it("is told to onError, with the event, whose time is up", () => {
    const told: [unknown, UnnamedEvent][] = [];
    const { handlers, warned } = open({ onError: (error, one) => void told.push([error, one]) });
    handlers.tellFailure(thrown, event());
    const [[error, { id, late, signal }]] = told as [[unknown, UnnamedEvent]];
    expect([told.length, error, id, late, signal.aborted, signal.reason]).toEqual([
      ...[1, thrown, event().id, false, true, thrown],
    ]);
    expect(warned).toEqual([]);
  });

  it("is warned of once where nobody hears of it, and is no failure of onError's", async () => {
    const { handlers, warned } = open();
    const failures = await watchHooks(() => {
      for (const name of ["call.ended", "call.created"]) handlers.tellFailure(thrown, event({ name }));
    });
    expect(warned).toEqual([
      "express-aircall: a handler of call.ended failed. Give aircallWebhooks({ onError }) to hear of each.",
    ]);
    expect(failures).toEqual([]);
  });

  it("is warned of as the process warns", () => {
    const emitted = jest.spyOn(process, "emitWarning").mockImplementation();
    const auth = { keepsGrants: false, clientFor: () => open().client };
    createHandlers({ ...bare, auth }).tellFailure(thrown, event());
    expect(emitted.mock.calls).toEqual([[expect.stringContaining("onError"), { code: "EXPRESS_AIRCALL_WEBHOOKS" }]]);
    emitted.mockRestore();
  });

  it.each([
    [
      "throws",
      () => {
        throw thrown;
      },
    ],
    ["rejects", () => Promise.reject(thrown)],
  ])("leaves the app as it was where onError %s, and tells who watches", async (_what, onError) => {
    const { handlers } = open({ onError });
    const told = await watchHooks(() => expect(() => handlers.tellFailure(thrown, event())).not.toThrow());
    expect(told).toEqual([{ hook: "onError" }]);
  });
});

/** What is told of hooks that failed, as this is done and a little later. */
async function watchHooks(work: () => void): Promise<unknown[]> {
  const told: unknown[] = [];
  const listen = (message: unknown) => void told.push(message);
  subscribe("express-aircall:hook-failure", listen);
  work();
  await new Promise(setImmediate);
  unsubscribe("express-aircall:hook-failure", listen);
  return told;
}
