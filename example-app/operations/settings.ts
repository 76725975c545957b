import { randomBytes } from "node:crypto";

/** What the environment says of this board. Of `AIRCALL_*` only whether it is there: the library reads the rest itself. */
export interface Settings {
  readonly port: number;
  /** Null keeps sessions, and what people connected, in this process until it ends. */
  readonly redisUrl: string | null;
  readonly sessionSecret: string;
  /** Seals API keys that companies connect with. Null takes none. */
  readonly grantsKey: string | null;
  /** Processes that share the port. */
  readonly workers: number;
  /** Whether there is an account at the real Aircall. */
  readonly hasAccount: boolean;
}

/** @throws {Error} they contradict each other; the message says what to set. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const redisUrl = env["REDIS_URL"] || null;
  const sessionSecret = env["SESSION_SECRET"] || null;
  const workers = readWorkers(env["WORKERS"] || "1");
  if (workers > 1 && !redisUrl)
    throw new Error(`WORKERS=${workers} needs REDIS_URL: processes share sessions in Redis.`);
  if (redisUrl && workers === 1 && !sessionSecret) {
    throw new Error("REDIS_URL needs SESSION_SECRET, the same for every process that shares the sessions there.");
  }
  const hasAccount = ["AIRCALL_CONNECTION", "AIRCALL_CLIENT_ID", "AIRCALL_API_ID"].some((name) => env[name]);
  return {
    port: readPort(env["PORT"] || "3000"),
    redisUrl,
    sessionSecret: sessionSecret ?? randomSecret(),
    // Keys to the simulator end with it, and so may what seals them.
    grantsKey: env["GRANTS_KEY"] || (hasAccount ? null : randomSecret()),
    workers,
    hasAccount,
  };
}

function randomSecret(): string {
  return randomBytes(32).toString("hex");
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`PORT is a number up to 65535, such as 3000; got "${text}".`);
}

function readWorkers(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new Error(`WORKERS is a number of processes, such as 2; got "${text}".`);
  return Number(text);
}
