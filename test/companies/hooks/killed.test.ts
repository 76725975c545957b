import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { postgresGrants } from "../../../src/grants/stores/postgres/postgres";
import { startPostgres } from "../../support/postgres/postgres";
import { describeWith } from "../../support/programs";
import { rounds } from "../../support/promised";
import { startRedisServer } from "../../support/redis/redis-server";

const kills = rounds(2, 25);
const processes = rounds(2, 4);
/** Longer than whoever was killed has what it had to tell. */
const aheadMs = 120_000;

interface Place {
  readonly redisUrl?: string;
  readonly postgresUrl?: string;
}

/** Kills processes amid companies that come and go; what they and those after them have written down. */
async function killAmidCompanies(place: Place): Promise<{ did: string[]; told: Set<string>; toldAfter: number }> {
  const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
  const file = join(folder, "said");
  writeFileSync(file, "");
  const lines = () => readFileSync(file, "utf8").trim().split("\n");
  let started = 0;
  const start = (settings: object) => {
    const given = { ...place, file, first: (started += 1) * 10_000, aheadMs: 0, ...settings };
    const execArgv = ["--require", join(__dirname, "../../support/typescript-sources.cjs")];
    return fork(join(__dirname, "killed-process.cjs"), [JSON.stringify(given)], { execArgv });
  };
  const startLiving = async () => {
    const child = start({ role: "live" });
    await once(child, "message");
    return child;
  };

  const living = await Promise.all(Array.from({ length: processes }, startLiving));
  for (let kill = 0; kill < kills; kill += 1) {
    const place = kill % processes;
    await sleep(30 + 70 * Math.random());
    await end(living[place]!);
    living[place] = await startLiving();
  }
  await Promise.all(living.map(end));

  const before = lines().length;
  const tell = (round: number) => start({ role: "tell", aheadMs: round * aheadMs });
  const telling = Array.from({ length: processes }, () => tell(1));
  const exits = telling.map((child) => once(child, "exit"));
  telling[0]!.once("message", () => telling[0]!.kill("SIGKILL"));
  await Promise.all(exits);
  await once(tell(2), "exit");
  const said = lines();
  rmSync(folder, { recursive: true });
  const told = said.filter((line) => line.startsWith("told ")).map((line) => line.slice("told ".length));
  const did = said.filter((line) => line.startsWith("did ")).map((line) => line.slice("did ".length));
  return { did, told: new Set(told), toldAfter: said.length - before };
}

async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

/** A company that has left is not told as one that came. */
function stays(what: string): boolean {
  const [act, company] = what.split(" ");
  return act === "disconnect" || Number(company) % 3 === 0;
}

function describeKills(name: string, open: () => Promise<{ place: Place; close: () => Promise<void> }>): void {
  it(`misses no company that came or left over ${kills} kills, with ${name}`, async () => {
    const { place, close } = await open();
    const { did, told, toldAfter } = await killAmidCompanies(place);
    await close();
    expect(did.length).toBeGreaterThan(2 * kills);
    expect(did.filter((what) => stays(what) && !told.has(what))).toEqual([]);
    if (kills > 10) expect(toldAfter).toBeGreaterThan(0);
  }, 300_000);
}

describeWith("redis-server", "hooks of processes that are killed", () => {
  describeKills("Redis", async () => {
    const server = await startRedisServer();
    return { place: { redisUrl: server.url }, close: () => server.close() };
  });
});

describeWith("postgres", "hooks of processes that are killed", () => {
  describeKills("PostgreSQL", async () => {
    const postgres = await startPostgres();
    await postgresGrants(postgres.pool(), { migrate: true }).check!();
    return { place: { postgresUrl: postgres.url }, close: () => postgres.close() };
  });
});
