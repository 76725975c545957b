import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Agent } from "undici";
import type { Simulator } from "express-aircall/simulator";
import { createVisitor, type Answer, type Visitor } from "../support/browser/visitor";

const running: ChildProcess[] = [];
const agent = new Agent();

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, "exit");
    child.kill();
    await exited;
  }
});
afterAll(() => agent.close());

export const folderOf = (consumer: string) => join(__dirname, "consumers", consumer);

export interface App {
  /** What it said of itself once it listened: its origin, and versions. */
  readonly about: Record<string, string>;
  readonly person: Visitor;
  /** Whether it still runs. */
  readonly alive: () => boolean;
  /** Asks it to end; resolves to its exit code. */
  readonly end: () => Promise<number | null>;
}

interface Start {
  readonly execArgv?: string[];
  /** `PUBLIC` is where visitors are, in front of a proxy. */
  readonly variables?: Record<string, string>;
}

/** Starts a program of the matrix as a process of this consumer, which finds the consumer's packages. */
export async function startIn(
  consumer: string,
  program: string,
  settings: object,
  { execArgv = [], variables = {} }: Start = {},
): Promise<App> {
  const cwd = folderOf(consumer);
  const env = { PATH: process.env["PATH"], SETTINGS: JSON.stringify(settings), ...variables };
  const child = fork(join("programs", program), { cwd, env, execArgv, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  running.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream!.on("data", (part: Buffer) => (said += part.toString()));
  const ended = once(child, "close").then(([code]) => Promise.reject(new Error(`It ended (${code}): ${said}`)));
  ended.catch(() => undefined);
  const [about] = (await Promise.race([once(child, "message"), ended])) as [Record<string, string>];
  const person = createVisitor(variables["PUBLIC"] ?? about["origin"]!, agent);
  const end = async () => {
    const exited = once(child, "exit") as Promise<[number | null]>;
    child.kill("SIGTERM");
    return (await exited)[0];
  };
  return { about, person, alive: () => child.exitCode === null, end };
}

/** Goes where it is sent, by the simulator's consent page, until there is an answer. */
export async function follow(person: Visitor, simulator: Simulator, path: string): Promise<Answer> {
  const answer = await person.visit(path);
  if (answer.location === "") return answer;
  const isAway = answer.location.startsWith(simulator.url);
  return follow(person, simulator, isAway ? simulator.consent(answer.location) : answer.location);
}
