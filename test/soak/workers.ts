import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AircallAuthOptions } from "express-aircall";

export interface WorkerSettings {
  /** With Redis and Postgres, sessions are in Redis; else both are in the worker. */
  readonly grants: "redis" | "postgres" | "memory" | "session";
  readonly redisUrl: string | null;
  readonly postgresUrl: string | null;
  readonly auth: AircallAuthOptions;
  /** Requests are a tenant's, who is named in a header. */
  readonly tenants?: boolean;
}

/** An app in a process of its own. */
export interface Worker {
  readonly origin: string;
  readonly pid: number;
  /** What must never happen in it: unhandled rejections, uncaught exceptions, warnings. */
  readonly trouble: readonly string[];
  /** Calls a method of its grant store. */
  callGrants(method: "get" | "replace", ...inputs: unknown[]): Promise<unknown>;
  /** As a deployment does: by SIGTERM. Answers the exit code. */
  terminate(): Promise<number | null>;
  kill(): Promise<void>;
}

interface Message {
  readonly port?: number;
  readonly trouble?: string;
  readonly ask?: number;
  readonly value?: unknown;
}

/** Runs the built library, not its sources. */
export async function startWorker(settings: WorkerSettings): Promise<Worker> {
  if (!existsSync(join(__dirname, "../../dist/index.js"))) throw new Error("Workers need dist/: npm run build first.");
  const child = fork(join(__dirname, "worker.cjs"), [JSON.stringify(settings)], { execArgv: [] });
  const trouble: string[] = [];
  const answers = new Map<number, (value: unknown) => void>();
  child.on("message", (message: Message) => {
    if (message.trouble) trouble.push(message.trouble);
    if (message.ask !== undefined) answers.get(message.ask)?.(message.value);
  });

  return {
    origin: `http://127.0.0.1:${await portOf(child)}`,
    pid: child.pid!,
    trouble,
    callGrants(method, ...inputs) {
      const ask = answers.size;
      const answered = new Promise((resolve) => answers.set(ask, resolve));
      child.send({ ask, method, inputs });
      return answered;
    },
    async terminate() {
      child.kill("SIGTERM");
      await once(child, "exit");
      return child.exitCode;
    },
    async kill() {
      if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
    },
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("message", ({ port, trouble }: Message) => {
      if (port) resolve(port);
      if (trouble) reject(new Error(`A worker did not start: ${trouble}`));
    });
    child.once("exit", () => reject(new Error("A worker ended before it listened.")));
  });
}
