import { execFile } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { promisify, inspect } from "node:util";
import { createBudgets } from "../src/budget/budget";
import { AircallClient } from "../src/client/client";
import { type Reply, secret, useApi } from "./support/servers/api";
import { buildIfStale } from "./support/build";
import { channelNames } from "./support/channels";
import { everyRow, nouns } from "./resources/every-row";

const { serve, connect } = useApi();

/** Stands in every text: names, e-mail addresses, bodies, query values, ids that are texts. */
const mark = "s3nt1nel";
const id = 8675309424242;
const phone = "+33199001234";
const apiToken = "s3nt1nel-api-token";
const apiId = "s3nt1nel-api-id";

type Args = readonly unknown[];
interface Row {
  readonly noun: string;
  readonly verb: string;
  readonly args: Args;
}

const echo =
  (status: number): Reply =>
  (req, res) => {
    const said = `${mark} ${id} ${phone} ${req.url} ${req.headers.authorization}`;
    const rate = { "X-AircallApi-Limit": "100000", "X-AircallApi-Remaining": id, "X-AircallApi-Reset": id };
    const headers = { ...rate, "Retry-After": String(id), Location: `/${mark}`, "X-Echo": mark };
    res.writeHead(status, mark, headers);
    res.end(
      JSON.stringify({ error: said, troubleshoot: said, message: said, calls: [{ id, name: said }], [said]: said }),
    );
  };
const brokenJson: Reply = (_req, res) => res.end(`{"${mark}":"${id} ${phone}`);
const cut: Reply = (_req, res) => {
  res.writeHead(200, { "content-length": "999" });
  res.write(`{"${mark}":`, () => res.destroy());
};
const reset: Reply = (req) => req.socket.resetAndDestroy();
const never: Reply = () => undefined;

const replies: [name: string, Reply][] = [
  ...[200, 302, 400, 401, 403, 404, 405, 409, 422, 429, 500, 502, 503].map<[string, Reply]>((status) => [
    `a ${status} that repeats everything`,
    echo(status),
  ]),
  ["broken JSON", brokenJson],
  ["a cut answer", cut],
  ["a reset", reset],
  ["no answer", never],
];

describe("what is told to those who watch", () => {
  it.each(replies)("holds no secret, number, id or body of any row after %s", async (name, reply) => {
    const api = await serve(reply);
    const client = new AircallClient(connect(api, { timeoutMs: name === "no answer" ? 3_000 : 10_000 }));
    // A walk waits a 429 out, however long that takes.
    const rows = everyRow(marking(client)).filter(([row]) => !(name.includes("429") && row.includes(".iterate")));
    const told = await watch(() => Promise.allSettled(rows.map(async ([, ask]) => ask())));
    expect(api.arrived.map(({ url, body }) => url + body).join()).toContain(String(id));
    // Channels are the process's: what another test file left to be tried again may be told of meanwhile.
    expect(told.map(([channel]) => channel)).toEqual(
      expect.arrayContaining(["express-aircall:request", "express-aircall:attempt"]),
    );
    expect(told.length).toBeGreaterThan(150);
    expect(told.map((one) => inspect(one, { depth: 10 })).filter(leaks)).toEqual([]);
  });

  it("holds none of them where requests wait for their turn", async () => {
    const api = await serve(echo(200));
    // Until the first answer says that there are more, all wait for their turn behind five.
    const turns = createBudgets({ limit: 5, windowMs: 200 });
    const client = new AircallClient(connect(api, { timeoutMs: 20_000, limiter: turns }));
    const rows = everyRow(marking(client));
    const told = await watch(() => Promise.allSettled(rows.map(async ([, ask]) => ask())));
    expect(told.filter(([channel]) => channel === "express-aircall:wait").length).toBeGreaterThan(50);
    expect(told.map((one) => inspect(one, { depth: 10 })).filter(leaks)).toEqual([]);
  });

  it("is in no line that NODE_DEBUG prints either", async () => {
    await buildIfStale("library");
    const urls = await Promise.all([200, 400, 503].map(async (status) => (await serve(echo(status))).url));
    const task = JSON.stringify({ urls, user: apiId, password: apiToken, rows: markedRows() });
    const env = { ...process.env, NODE_DEBUG: "express-aircall" };
    const program = join(__dirname, "support/every-row-process.cjs");
    const child = promisify(execFile)(process.execPath, [program], { env, maxBuffer: 2 ** 26 });
    child.child.stdin?.end(task);
    const { stdout, stderr } = await child;
    const lines = `${stdout}\n${stderr}`.split("\n");
    expect(lines.filter((line) => line.includes("express-aircall:request")).length).toBeGreaterThan(200);
    expect(lines.filter(leaks)).toEqual([]);
  }, 120_000);

  it.each([`GET /v1/calls/${id}`, `to ${phone}`, "33 1 99 00 12 34", secret, mark, basic()])(
    "would be found out by %s",
    (text) => {
      expect(leaks(text)).toBe(true);
    },
  );
});

/** Everything told on any channel while something is done. */
async function watch(act: () => Promise<unknown>): Promise<[channel: string, event: unknown][]> {
  const told: [string, unknown][] = [];
  const hear = (event: unknown, channel: string | symbol) => void told.push([String(channel), event]);
  channelNames().forEach((name) => subscribe(name, hear));
  await act();
  // Attempts under way are told of when their connection has ended.
  await new Promise((resolve) => setTimeout(resolve, 50));
  channelNames().forEach((name) => unsubscribe(name, hear));
  return told;
}

function leaks(text: string): boolean {
  const digits = text.replaceAll(/[\s+().-]/g, "");
  const numbers = [String(id), phone.slice(1)];
  return numbers.some((number) => digits.includes(number)) || [mark, secret, basic()].some((one) => text.includes(one));
}

function basic(): string {
  return Buffer.from(`${apiId}:${apiToken}`).toString("base64").slice(0, -4);
}

/** The client, each of whose rows is given marked values in place of the plausible ones. */
function marking(client: AircallClient, record?: (row: Row) => void): AircallClient {
  const own = client as unknown as Record<string, Record<string, (...args: Args) => unknown>>;
  const marked = nouns.map((noun) => [
    noun,
    Object.fromEntries(
      Object.entries(own[noun]!).map(([verb, ask]) => [
        verb,
        (...plain: Args) => {
          const args = plain.map(markAll);
          if (!record) return ask(...args);
          record({ noun, verb, args });
        },
      ]),
    ),
  ]);
  const both = { ping: () => client.ping(), root: () => client.root(), ...Object.fromEntries(marked) };
  return both as AircallClient;
}

function markedRows(): Row[] {
  const rows: Row[] = [];
  const nowhere = new AircallClient(connect({ url: "http://127.0.0.1:9", arrived: [] }));
  for (const [name, ask] of everyRow(marking(nowhere, (row) => rows.push(row)))) if (name.includes(".")) void ask();
  return rows;
}

/** Every text and id in it replaced; moments stay, for nothing but a moment is sent there. */
function markAll(value: unknown): unknown {
  if (typeof value === "number") return value > 1e9 && value < 1e11 && value !== 2 ** 33 ? value : id;
  if (typeof value === "string") return value.startsWith("+") ? phone : `${mark} ${value}`;
  if (Array.isArray(value)) return value.map(markAll);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, markAll(item)]));
}
