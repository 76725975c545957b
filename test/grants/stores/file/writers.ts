import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";

export interface Writing {
  readonly path: string;
  readonly key: string;
  readonly id: string;
  /** Of each process; null for one that goes on until it is killed. */
  readonly writes: number | null;
}

/** What four processes say that they have written, while others are killed in the midst of it. */
export async function runWriters(writing: Writing): Promise<{ replaced: number; created: string[] }> {
  const said = { replaced: 0, created: [] as string[] };
  const writers = Array.from({ length: 4 }, () => start(writing));
  for (const writer of writers) {
    writer.on("message", ({ replaced = 0, created }: { replaced?: number; created?: string }) => {
      said.replaced += replaced;
      if (created) said.created.push(created);
    });
  }
  const ended = Promise.all(writers.map((writer) => new Promise((resolve) => writer.once("exit", resolve))));
  const victims = [1, 2, 3].map((lives) => {
    const victim = start({ ...writing, writes: null });
    return victim.on("message", () => (lives -= 1) === 0 && victim.kill("SIGKILL"));
  });
  await ended;
  for (const victim of victims) victim.kill("SIGKILL");
  return said;
}

function start(writing: Writing): ChildProcess {
  const typescript = join(__dirname, "../../../support/typescript-sources.cjs");
  return fork(join(__dirname, "writer.cjs"), [JSON.stringify(writing)], { execArgv: ["--require", typescript] });
}
