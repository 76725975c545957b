import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { post } from "../receiving";

export interface ReceiverSettings {
  readonly redisUrl: string;
  readonly token: string;
  readonly answer: "early" | "handled";
  /** What each handler takes. */
  readonly workMs: number;
}

interface Receiver {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Several processes that receive the same company's webhooks, as behind a load balancer. */
export class Receivers {
  readonly killed = new Set<number>();
  readonly trouble: string[] = [];
  readonly #settings: ReceiverSettings;
  #receivers: Receiver[] = [];

  constructor(settings: ReceiverSettings) {
    this.#settings = settings;
  }

  async start(count: number): Promise<void> {
    const started = await Promise.all(Array.from({ length: count }, () => this.#startOne()));
    this.#receivers.push(...started);
  }

  async kill(): Promise<void> {
    const [{ child } = this.#none()] = this.#receivers.splice(0, 1);
    this.killed.add(child.pid!);
    child.kill("SIGKILL");
    await once(child, "exit");
    await this.start(1);
  }

  /** As a deployment does it; answers the exit code. */
  async terminate(): Promise<number | null> {
    const [{ child } = this.#none()] = this.#receivers.splice(0, 1);
    child.kill("SIGTERM");
    await once(child, "exit");
    return child.exitCode;
  }

  async close(): Promise<void> {
    for (const { child } of this.#receivers) child.kill("SIGKILL");
    for (const { child } of this.#receivers) if (child.signalCode === null) await once(child, "exit");
  }

  /** Sends to one of them. Null where nobody answered. */
  async send(body: string): Promise<number | null> {
    const { url } = this.#receivers[Math.floor(Math.random() * this.#receivers.length)] ?? this.#none();
    return post(url, body).then(
      ({ status }) => status,
      () => null,
    );
  }

  /** As Aircall: again, until somebody takes it. */
  async deliver(body: string): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      if ((await this.send(body)) === 200) return;
      await sleep(250);
    }
    throw new Error("Nobody took the event.");
  }

  async #startOne(): Promise<Receiver> {
    const child = fork(join(__dirname, "receiver.cjs"), [JSON.stringify(this.#settings)], { execArgv: [] });
    const port = await new Promise<number>((resolve, reject) => {
      child.on("message", ({ port, trouble }: { port?: number; trouble?: string }) => {
        if (port) resolve(port);
        if (trouble) this.trouble.push(trouble);
      });
      child.once("exit", () => reject(new Error("A receiver ended before it listened.")));
    });
    return { child, url: `http://127.0.0.1:${port}/events` };
  }

  #none(): never {
    throw new Error("No receiver is left.");
  }
}
