import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Lane } from "../../src/http/limiter";

export interface SenderSettings {
  readonly url: string;
  readonly redis: string | null;
  readonly windowMs: number;
  /** False: it sends without a budget. */
  readonly limited: boolean;
}

export interface Job {
  readonly lane: Lane;
  readonly count: number;
  readonly atOnce: number;
  /** Pause after each. */
  readonly everyMs?: number;
}

export interface Sent {
  /** All of it, waiting included. */
  readonly tookMs: number;
  readonly error: string | null;
}

/** A process with a budget of its own. */
export interface Sender {
  run(job: Job): Promise<Sent[]>;
  /** What must never happen in it. */
  readonly trouble: readonly string[];
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly results?: Sent[];
  readonly trouble?: string;
}

export async function startSender(settings: SenderSettings): Promise<Sender> {
  const execArgv = ["--require", join(__dirname, "../support/typescript-sources.cjs")];
  const child: ChildProcess = fork(join(__dirname, "sender.cjs"), [JSON.stringify(settings)], { execArgv });
  const trouble: string[] = [];
  const waiting = new Map<number, (results: Sent[]) => void>();
  child.on("message", ({ id = -1, results = [], trouble: problem }: Message) => {
    if (problem) trouble.push(problem);
    waiting.get(id)?.(results);
  });
  await once(child, "message");

  return {
    trouble,
    run(job) {
      const id = waiting.size;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        child.send({ id, job });
      });
    },
    async close() {
      child.kill();
      await once(child, "exit");
    },
  };
}
