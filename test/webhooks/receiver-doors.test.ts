import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { EventJson, FailedEvent } from "express-aircall";
import { delivery, token } from "./parse/deliveries";
import { app, companiesAuth, post, startReceiving } from "./receiving";

const onAny = () => undefined;

describe("what aircallWebhooks() can do beside", () => {
  it.each(["catchUp", "subscribe", "unsubscribe", "check"] as const)(
    "names %s() where its company is none",
    async (name) => {
      const { events } = await startReceiving({ onAny }, { auth: companiesAuth().auth });
      await expect(events[name]("no id")).rejects.toMatchObject({
        code: "config_invalid",
        message: expect.stringContaining(`events.${name}(company) is no Aircall company id`),
      });
    },
  );

  it("looks for what never came since a moment, and takes nothing else for one", async () => {
    const { events } = await startReceiving({ onAny }, { auth: companiesAuth().auth });
    for (const options of [undefined, {}, { since: undefined }, { since: new Date() }]) {
      await expect(events.catchUp(7, options)).rejects.toMatchObject({ code: "not_connected" });
    }
    for (const since of ["today", 7, new Date(Number.NaN)]) {
      await expect(events.catchUp(7, { since: since as Date })).rejects.toMatchObject({
        code: "bad_argument",
        message: expect.stringMatching(/^events\.catchUp\(company, \{ since \}\) takes a Date; got /),
      });
    }
    await expect(events.catchUp(7, { sinc: new Date() } as object)).rejects.toThrow(/sinc.*since/s);
    await expect(events.catchUp(7, 7 as never)).rejects.toThrow(
      "events.catchUp(company, options) takes an object of options; got a number.",
    );
  });

  it("says what it needs for webhooks to be made or checked, and for work", async () => {
    const { events } = await startReceiving({ onAny }, { auth: companiesAuth().auth });
    for (const asked of [
      events.subscribe(7),
      events.unsubscribe(null),
      events.check(),
      events.check(null),
      events.check(7),
    ]) {
      await expect(asked).rejects.toMatchObject({ code: "config_invalid", message: expect.stringContaining("url") });
    }
    expect(() => events.worker()).toThrow(
      "events.worker() handles what a queue keeps: give aircallWebhooks({ queue }).",
    );
  });

  it("hands an event that a queue kept to its handler, and nothing else", async () => {
    const kept: EventJson[] = [];
    const seen: string[] = [];
    const { events, send } = await startReceiving({
      enqueue: (event) => void kept.push(event),
      onAny: ({ id }) => void seen.push(id),
    });
    expect(await send(delivery())).toBe(200);
    expect([kept.length, seen]).toEqual([1, []]);
    await events.handle(JSON.stringify(kept[0]));
    expect(seen).toEqual(["own/call.ended/4200000001"]);
    await expect(events.handle("{}")).rejects.toMatchObject({ code: "bad_argument" });
  });

  it("keeps what failed beside the grants, to be listed, retried and discarded", async () => {
    const { auth, grants, keepToken } = companiesAuth();
    await keepToken(7);
    let failing = true;
    const thrown = new Error("no");
    const { events, send } = await startReceiving(
      {
        tokens: [],
        onError: onAny,
        onAny: () => {
          if (failing) throw thrown;
        },
      },
      { auth },
    );
    expect(await send(delivery())).toBe(200);
    const listed = async () => {
      const list: FailedEvent[] = [];
      for await (const one of events.failed()) list.push(one);
      return list.map(({ id }) => id);
    };
    const [id] = await listed();
    expect((await grants.records(`failed-events:${app}`).list(null, 10)).records).toHaveLength(1);
    expect([id, await events.stats()]).toMatchObject(["id:7/call.ended/4200000001", { failed: 1 }]);
    await expect(events.retry(id!)).rejects.toBe(thrown);
    failing = false;
    expect([await events.retry(id!), await events.retry(id!), await listed()]).toEqual([true, false, []]);
    failing = true;
    expect(await send(delivery({ data: { id: 8 } }))).toBe(200);
    const [other] = await listed();
    expect([await events.discard(other!), await events.discard(other!), await listed()]).toEqual([true, false, []]);
  });
});

describe("a delivery", () => {
  /** What is told of deliveries, as this is done. */
  async function watch(work: () => Promise<unknown>): Promise<unknown[]> {
    const told: unknown[] = [];
    const listen = (message: unknown) => void told.push(message);
    subscribe("express-aircall:delivery", listen);
    await work();
    unsubscribe("express-aircall:delivery", listen);
    return told;
  }
  const durationMs = expect.any(Number);

  it("is told of, taken or refused, with its event where that is known", async () => {
    const { send } = await startReceiving({ onAny });
    const told = await watch(async () => {
      await send(delivery());
      await send(delivery({ token: `${token}x` }));
    });
    expect(told).toEqual([
      { status: 200, code: null, event: "call.ended", durationMs },
      { status: 401, code: "webhook_token", event: null, durationMs },
    ]);
  });

  it("is welcome later, elsewhere, once this process is closed", async () => {
    const { send, events } = await startReceiving({ onAny });
    await events.close();
    const told = await watch(() => send(delivery()));
    expect(told).toEqual([{ status: 503, code: "webhook_busy", event: "call.ended", durationMs }]);
  });

  it("says how far its company's events have come, where it is taken and says when it happened", async () => {
    const { auth, grants, keepToken } = companiesAuth();
    await keepToken(7);
    const { send, events } = await startReceiving({ tokens: [], onAny }, { auth });
    const mark = async () => (await grants.records(`event-marks:${app}`).get("id:7"))?.value;
    await send(delivery({ data: { id: 1 }, timestamp: undefined }));
    expect(await mark()).toBeUndefined();
    await send(delivery({ timestamp: 1_700_000_000 }));
    expect(JSON.parse((await mark())!)).toEqual({ since: 1_700_000_000_000, newest: 1_700_000_000_000 });

    const closed = companiesAuth();
    await closed.keepToken(7);
    const other = await startReceiving({ tokens: [], onAny }, { auth: closed.auth });
    await other.events.close();
    await other.send(delivery({ timestamp: 1_700_000_000 }));
    expect((await closed.grants.records(`event-marks:${app}`).list(null, 1)).records).toEqual([]);
    await events.close();
  });

  it("is told of with the time that it took", async () => {
    const { send } = await startReceiving({ onAny });
    const startedAt = performance.now();
    const told = await watch(async () => {
      await send(delivery());
      await send(delivery({ token: `${token}x` }));
    });
    const tookMs = performance.now() - startedAt;
    for (const event of told as { durationMs: number }[]) {
      expect(event.durationMs).toBeGreaterThanOrEqual(0);
      expect(event.durationMs).toBeLessThanOrEqual(tookMs);
    }
  });

  it("that says its app was removed ends what its company gave", async () => {
    const { auth, connect, grants, keepToken } = companiesAuth();
    const connectedAt = new Date(1_600_000_000_000);
    await connect(7, connectedAt);
    await keepToken(7);
    const { send } = await startReceiving({ tokens: [], onAny }, { auth });
    const data = { integration_id: 1, company_id: 7 };
    const removed = delivery({ resource: "integration", event: "integration.deleted", timestamp: 1_700_000_000, data });
    expect(await send(removed)).toBe(200);
    expect(await grants.idsOf(app, 7)).toEqual([]);
  });

  it("is taken at the root of an app, and without Express", async () => {
    const root = await startReceiving({ onAny, path: "/" });
    const origin = new URL("/", root.url).href;
    const body = JSON.stringify(delivery());
    expect([(await post(origin, body)).status, (await post(root.url, body)).status]).toEqual([200, 404]);

    const { events } = await startReceiving({ onAny });
    const server = createServer((req, res) => events(req, res, () => res.writeHead(418).end())).listen(0, "127.0.0.1");
    await once(server, "listening");
    const plain = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const statuses = [await post(`${plain}/aircall/events/`, body), await post(`${plain}/other`, body)];
    expect(statuses.map(({ status }) => status)).toEqual([200, 418]);
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
});
