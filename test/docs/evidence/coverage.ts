import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventNames } from "../../../src/webhooks/events/names";
import { leftOut } from "../../resources/left-out";
import documentedRoutes from "../../resources/routes.json";
import knownEvents from "../../webhooks/events/known-events.json";
import { anchorsOf } from "../pages";

const root = join(__dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** What there is, how much of it we have, and the test that holds both lists to each other. */
export function coverageTable(): string[][] {
  const routes = documentedRoutes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":id")}`);
  const offered = routes.filter((route) => !(route in leftOut));
  const events = knownEvents.filter((name) => eventNames.includes(name));
  const explained = anchorsOf({ path: "docs/errors.md", text: read("docs/errors.md") });
  const codes = errorCodes();
  return [
    ["What there is", "of these", "", "Held by"],
    row("endpoints in Aircall's reference, offered", offered, routes, "test/resources/routes.test.ts"),
    row("events that Aircall is known to send, typed", events, knownEvents, "test/webhooks/events/names.test.ts"),
    row(
      "error codes, each with its cause and fix",
      codes.filter((code) => explained.includes(code)),
      codes,
      "test/docs/errors.test.ts",
    ),
  ];
}

export function leftOutTable(): string[][] {
  return [["Not offered", "Why"], ...Object.entries(leftOut).map(([route, why]) => [`\`${route}\``, why])];
}

function row(what: string, have: readonly string[], all: readonly string[], file: string): string[] {
  return [what, `${have.length} of ${all.length}`, `${Math.floor((have.length / all.length) * 100)} %`, `\`${file}\``];
}

function errorCodes(): string[] {
  const found = read("src/errors/codes.ts").matchAll(/^ {2}\| "(\w+)"/gm);
  return [...new Set(Array.from(found, ([, code = ""]) => code))];
}
