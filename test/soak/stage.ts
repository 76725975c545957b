import { stringifyCookie } from "cookie";
import type { Pool } from "pg";
import { createClient } from "redis";
import { Agent, request } from "undici";
import type { Grant, GrantStore } from "express-aircall";
import { postgresGrants } from "../../src/grants/stores/postgres/postgres";
import { redisGrants } from "../../src/grants/stores/redis/redis";
import { pathOf } from "../support/browser/browser";
import { startPostgres } from "../support/postgres/postgres";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { createVisitor, type Answer as Visited, type Visitor } from "../support/browser/visitor";
import { callbackUrl, origin, type Provider } from "./provider";
import { startTokenGate, type GateSettings, type TokenGate } from "./token-gate";
import { startWorker, type Worker, type WorkerSettings } from "./workers";

/** Processes, a provider, a Redis where one is needed, and people who have connected. All of it real. */
export interface Stage {
  readonly gate: TokenGate;
  readonly workers: readonly Worker[];
  /** Throws without Redis. */
  readonly redis: RedisControl;
  /** Null where grants are elsewhere. */
  readonly postgres: Pool | null;
  /** Signs somebody in. */
  readonly connect: (worker?: Worker) => Promise<Person>;
  /** The same up to the moment at which the provider sends them back. */
  readonly begin: (worker?: Worker, tenant?: string) => Promise<Arrival>;
  readonly visit: (worker: Worker, browser: Visitor, path: string, tenant?: string) => Promise<Visited>;
  readonly ask: (worker: Worker, person: Person, path: string, method?: "GET" | "POST") => Promise<Answer>;
  /** What the store holds for them. */
  readonly grantOf: (person: Person) => Promise<Grant | null>;
  /** Makes their access token expire, as time would. */
  readonly expire: (person: Person) => Promise<void>;
  /** A new process takes the place of one that is gone. */
  readonly replace: (worker: Worker) => Promise<void>;
  /** Of all workers, those that are gone too. */
  trouble(): string[];
}

/** Somebody has consented, and is about to come back. */
export interface Arrival {
  readonly browser: Visitor;
  readonly callbackPath: string;
}

export interface Person {
  readonly cookie: string;
  readonly grantId: string;
  readonly tenant?: string;
}

export interface Answer {
  /** 0 when the connection ended instead. */
  readonly status: number;
  /** Of the error; null with a good answer. */
  readonly code: string | null;
  readonly text: string;
  readonly ms: number;
}

export interface RedisControl {
  readonly server: RedisServer;
  send(...command: string[]): Promise<unknown>;
  /** Kills it with all it holds; a new one begins on the same port. */
  kill(): void;
  startAgain(): Promise<void>;
}

export interface StageSettings {
  readonly provider: Provider;
  readonly processes: number;
  readonly grants?: WorkerSettings["grants"];
  readonly gate?: GateSettings;
  readonly tenants?: boolean;
}

/** Sets a stage, plays on it, and leaves no process behind. */
export async function onStage<T>(settings: StageSettings, play: (stage: Stage) => Promise<T>): Promise<T> {
  const { provider, processes, grants: kind = "redis", tenants = false } = settings;
  const closers: (() => unknown)[] = [() => provider.close()];
  const agent = new Agent({ connections: 100 });
  closers.push(() => agent.destroy());

  try {
    const gate = await startTokenGate(provider.auth.tokenUrl, settings.gate);
    closers.push(() => gate.close());
    const redis = kind === "redis" || kind === "postgres" ? await startRedis(closers) : null;
    const redisUrl = redis?.server.url ?? null;
    const database = kind === "postgres" ? await startPostgres() : null;
    closers.push(() => database?.close());
    const postgresUrl = database?.url ?? null;
    const postgres = database?.pool() ?? null;
    const auth = { ...provider.auth, tokenUrl: gate.url, callbackUrl, initiateOAuth: "GETANDREFRESH" } as const;
    const everyWorker: Worker[] = [];

    async function add(): Promise<Worker> {
      const worker = await startWorker({ grants: kind, redisUrl, postgresUrl, auth, tenants });
      closers.push(() => worker.kill());
      everyWorker.push(worker);
      return worker;
    }

    const workers = await Promise.all(Array.from({ length: processes }, add));
    const store = postgres ? postgresGrants(postgres) : (redis?.grants ?? grantsIn(workers[0]!));

    async function begin(worker = pick(workers), tenant?: string): Promise<Arrival> {
      const browser = createVisitor(worker.origin, agent);
      const { location } = await visit(worker, browser, "/auth/aircall", tenant);
      return { browser, callbackPath: pathOf(await provider.consent(location)) };
    }

    function visit({ origin }: Worker, browser: Visitor, path: string, tenant?: string): Promise<Visited> {
      return browser.visit(origin + path, { headers: { ...asSeenByBrowser, ...inNameOf(tenant) } });
    }

    async function connect(worker = pick(workers)): Promise<Person> {
      const { browser, callbackPath } = await begin(worker);
      await visit(worker, browser, callbackPath);
      const { text } = await visit(worker, browser, "/grant");
      const { id } = JSON.parse(text) as { id: string | null };
      if (id === null) throw new Error("Somebody could not sign in.");
      return personIn(browser, id);
    }

    async function ask(worker: Worker, { cookie, tenant }: Person, path: string, method: "GET" | "POST" = "GET") {
      const startedAt = performance.now();
      const headers = { ...asSeenByBrowser, ...fetched, cookie, ...inNameOf(tenant) };
      const { status, text, code } = await request(worker.origin + path, { dispatcher: agent, method, headers })
        .then(async ({ statusCode, body }) => readAnswer(statusCode, await body.text()))
        .catch((error: NodeJS.ErrnoException) => ({ status: 0, text: "", code: error.code ?? "no_answer" }));
      return { status, code, text, ms: performance.now() - startedAt };
    }

    async function expire({ grantId }: Person): Promise<void> {
      const hourAgo = new Date(Date.now() - 3_600_000);
      for (let tries = 0; tries < 5; tries += 1) {
        const grant = await store.get(grantId);
        if (!grant) return;
        const expired = { ...grant, obtainedAt: hourAgo, expiresAt: new Date(Date.now() - 1_000) };
        if (await store.replace(grantId, grant.version, expired)) return;
      }
      throw new Error("A grant could not be made to expire.");
    }

    return await play({
      gate,
      workers,
      get redis() {
        if (!redis) throw new Error("This stage has no Redis.");
        return redis;
      },
      postgres,
      connect,
      begin,
      visit,
      ask,
      grantOf: ({ grantId }) => store.get(grantId),
      expire,
      async replace(worker) {
        workers[workers.indexOf(worker)] = await add();
      },
      trouble: () => everyWorker.flatMap(({ trouble }) => trouble),
    });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Whatever the port, to the browser it is one site. */
const asSeenByBrowser = { host: new URL(origin).host, "sec-fetch-site": "same-origin" };
const fetched = { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty", accept: "application/json" };

function inNameOf(tenant: string | undefined): Record<string, string> {
  return tenant === undefined ? {} : { "x-tenant": tenant };
}

type Grants = Pick<GrantStore, "get" | "replace">;

async function startRedis(closers: (() => unknown)[]): Promise<RedisControl & { readonly grants: Grants }> {
  let server = await startRedisServer();
  const { port, url } = server;
  const client = createClient({ url });
  client.on("error", () => undefined);
  await client.connect();
  closers.push(
    () => server.close(),
    () => client.destroy(),
  );

  return {
    get server() {
      return server;
    },
    grants: redisGrants(client),
    send: (...command) => client.sendCommand(command),
    kill: () => void process.kill(server.pid, "SIGKILL"),
    async startAgain() {
      await server.close();
      server = await startRedisServer({ findPort: () => port });
    },
  };
}

function grantsIn(worker: Worker): Grants {
  return {
    get: async (id) => revived(await worker.callGrants("get", id)),
    replace: (...inputs) => worker.callGrants("replace", ...inputs) as Promise<boolean>,
  };
}

/** Dates do not survive the way between processes. */
function revived(value: unknown): Grant | null {
  const grant = value as Grant | null;
  if (!grant) return null;
  const { obtainedAt, connectedAt, expiresAt } = grant;
  const moments = { obtainedAt: new Date(obtainedAt), connectedAt: new Date(connectedAt) };
  return { ...grant, ...moments, expiresAt: new Date(expiresAt ?? 0) };
}

export function personIn(browser: Visitor, grantId: string): Person {
  return { cookie: stringifyCookie(Object.fromEntries(browser.cookies)), grantId };
}

function readAnswer(status: number, text: string): Omit<Answer, "ms"> {
  return { status, text, code: status < 400 ? null : codeIn(text) };
}

/** What the app calls the error. */
function codeIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === "string" ? error : "unnamed";
  } catch {
    return "unnamed";
  }
}

export function pick<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)]!;
}
