import { once } from "node:events";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import express from "express";
import { aircallAuth, aircallWebhooks, type AircallEvent, memoryGrants, type UnnamedEvent } from "express-aircall";
import { listen } from "../../../src/webhooks/catch-up/rounds";
import { startSimulator } from "../../support/servers/simulated";
import { companiesAuth, startReceiving, withEnd } from "../receiving";

const ended = { status: "done", answered_at: null } as const;

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('aircallWebhooks({ source: "poll" })', () => {
  it("hands on what happens from now on, once, without an address", async () => {
    const simulator = await startSimulator({ calls: 30, contacts: 0, rateLimit: 10_000, kind: true });
    const auth = withEnd(aircallAuth(simulator.basic));
    const seen: AircallEvent<"call.ended">[] = [];
    const on = { "call.ended": (event: AircallEvent<"call.ended">) => void seen.push(event) };
    const events = withEnd(aircallWebhooks({ auth, on, source: "poll", everyMs: 20 }));
    const rounds = () => simulator.requests.length;
    await until(() => rounds() >= 2);
    const now = Math.floor(Date.now() / 1_000);
    const [call] = simulator.addCalls([{ ...ended, started_at: now - 20, ended_at: now + 1 }]);
    await until(() => seen.length > 0);
    const before = rounds();
    await until(() => rounds() >= before + 3);
    expect(seen.map(({ data, source }) => [data.id, source])).toEqual([[call!.id, "poll"]]);
    await events.close();
  });

  it("passes on every request, for nothing is delivered", async () => {
    const simulator = await startSimulator({ calls: 0 });
    const auth = withEnd(aircallAuth(simulator.basic));
    const events = withEnd(aircallWebhooks({ auth, onAny: () => undefined, source: "poll" }));
    const server = express()
      .use(events)
      .use((_req, res) => void res.sendStatus(204))
      .listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address() as { port: number };
    const { status } = await fetch(`http://127.0.0.1:${address.port}/`, { method: "POST" });
    server.close();
    expect(status).toBe(204);
  });

  it("looks at each company in one of the processes at a time", async () => {
    const simulator = await startSimulator({ calls: 0, contacts: 0, rateLimit: 10_000 });
    const { auth, connect } = companiesAuth(memoryGrants(), simulator.basic.apiUrl);
    const { id } = simulator.companies[0];
    await connect(id, new Date(), simulator.issueToken({ companyId: id }).access_token);
    const looks: unknown[] = [];
    const hear = (event: unknown) => void looks.push(event);
    subscribe("express-aircall:catch-up", hear);
    const parts = { auth, onAny: () => undefined, source: "poll", everyMs: 60_000 } as const;
    const both = [withEnd(aircallWebhooks(parts)), withEnd(aircallWebhooks(parts))];
    await until(() => looks.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    unsubscribe("express-aircall:catch-up", hear);
    expect(looks).toEqual([{ source: "poll", found: 0, handled: 0 }]);
    await Promise.all(both.map((events) => events.close()));
  });
});

describe("a process that begins to listen", () => {
  const silence = 10 * 60_000;

  function stage(lastAt: number | null) {
    const records = memoryGrants().records("listening");
    const rounds: string[] = [];
    const end = new AbortController();
    const start = async (now: number) => {
      if (lastAt !== null) await records.put("listening", String(lastAt), { version: null, lifeMs: 1e9 });
      const onAll = ({ name }: { name: string }) => Promise.resolve(void rounds.push(name));
      listen(records, { onAll, failed: () => rounds.push("failed"), signal: end.signal, now: () => now });
      while (Number((await records.get("listening"))?.value) !== now) await new Promise(setImmediate);
      end.abort();
      return rounds;
    };
    return { start };
  }

  it("catches up where nobody has listened for minutes, under one name in every process", async () => {
    expect(await stage(5_000).start(5_000 + silence)).toEqual(["catch-up 5000"]);
  });

  it("does not where somebody has just listened, or nobody ever has", async () => {
    expect(await stage(5_000).start(5_000 + 90_000)).toEqual([]);
    expect(await stage(null).start(silence)).toEqual([]);
  });
});

describe("events that come by webhook", () => {
  it("mark how far a company has come, so that catching up begins there", async () => {
    const simulator = await startSimulator({ calls: 0, contacts: 0, rateLimit: 10_000 });
    const auth = withEnd(aircallAuth(simulator.basic));
    const seen: UnnamedEvent[] = [];
    const { events, send } = await startReceiving({ onAny: (event) => void seen.push(event) }, { auth });
    const now = Math.floor(Date.now() / 1_000);
    const timestamp = now - 600;
    expect(await send({ resource: "call", event: "call.ended", timestamp, token: "b5d1f0c2a7", data: { id: 1 } })).toBe(
      200,
    );
    simulator.addCalls([
      { ...ended, started_at: now - 2_000, ended_at: now - 1_900 },
      { ...ended, started_at: now - 400, ended_at: now - 300 },
    ]);
    expect(await events.catchUp(null)).toEqual({ found: 3, handled: 3 });
    expect(seen.slice(1).map(({ name }) => name)).toEqual(["call.created", "call.hungup", "call.ended"]);
  });
});
