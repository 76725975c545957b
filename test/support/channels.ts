import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The names of all events, as the source declares them. */
export function channelNames(): string[] {
  const source = readFileSync(join(__dirname, "../../src/diagnostics.ts"), "utf8");
  return [...source.matchAll(/^ {2}"(express-aircall:[\w-]+)": \{/gm)].map(([, name]) => name!);
}
