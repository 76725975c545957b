import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { importsOf, type Import } from "./support/imports";
import { type Graph, ringsIn } from "./support/rings";

const source = join(__dirname, "../src");

const leftOfClient = [
  ...["errors", "diagnostics", "config", "time", "redis", "http", "pagination", "downloads", "budget", "oauth"],
  ...["session", "grants", "resources"],
];
const leftOfDoors = [...leftOfClient, "client", "sign-in", "connections"];

/** Who may import whom, and of whom the types only. Everyone may import their own room, nobody `index`. */
const rooms: Record<string, { imports: string[]; types?: string[] }> = {
  errors: { imports: [] },
  diagnostics: { imports: [], types: ["errors"] },
  config: { imports: ["errors"] },
  time: { imports: ["errors"] },
  redis: { imports: ["errors", "time"] },
  http: { imports: ["errors", "diagnostics", "config", "time"] },
  budget: { imports: ["errors", "diagnostics", "config", "time"], types: ["http"] },
  oauth: { imports: ["errors", "config", "http"] },
  session: { imports: ["errors", "config", "time", "redis"] },
  grants: { imports: ["errors", "diagnostics", "config", "time", "redis", "oauth", "session"], types: ["http"] },
  resources: { imports: ["errors", "http"] },
  client: { imports: leftOfClient },
  "sign-in": { imports: [...leftOfClient, "client"] },
  connections: { imports: [...leftOfClient, "client"] },
  strategy: { imports: ["errors", "config", "sign-in"] },
  middleware: { imports: leftOfDoors },
  webhooks: { imports: ["errors", "config", "client", "connections"] },
  simulator: { imports: [], types: leftOfDoors },
  cli: { imports: [...leftOfClient, "simulator"] },
  index: { imports: [...leftOfDoors, "strategy", "middleware", "webhooks"] },
};

const knowExpress = [
  "session/",
  "sign-in/",
  "connections/",
  "strategy/",
  "middleware/",
  "simulator/",
  "webhooks/receiver.ts",
];
const keepSessions = ["grants/stores/session.ts", "grants/stores/default.ts"];

/** Packages that must not be known everywhere, and where they may be named. */
const places: Record<string, string[]> = {
  express: [...knowExpress, ...keepSessions],
  "express-session": [...knowExpress, ...keepSessions],
  passport: ["strategy/"],
  "passport-oauth2": ["strategy/"],
  undici: ["http/"],
  "rate-limiter-flexible": ["budget/"],
};

describe("the house", () => {
  it("has no file that knows more than its room may", () => {
    const strays = sourceFiles().flatMap((file) => {
      const text = readFileSync(join(source, file), "utf8");
      return strayImports(file, text).map((specifier) => `${file} imports ${specifier}`);
    });
    expect(strays).toEqual([]);
  });

  it("has no ring of files, those of types included", () => {
    const rings = ringsIn(importGraph()).filter((ring) => !ring.every((file) => file.startsWith("http/")));
    expect(rings).toEqual([]);
  });

  it("notices every ring", () => {
    const graph = { a: ["b"], b: ["c"], c: ["a", "d"], d: ["e"], e: ["d"], f: ["a", "f"], g: ["f"] };
    expect(ringsIn(new Map(Object.entries(graph)))).toEqual([["a", "b", "c"], ["d", "e"], ["f"]]);
  });

  it.each([
    ["grants/renew.ts", 'import { calls } from "../resources/calls";', "../resources/calls"],
    ["grants/renew.ts", 'import { createHttp } from "../http/send";', "../http/send"],
    ["config/urls.ts", 'import { aircallAuth } from "..";', ".."],
    ["middleware/auth.ts", 'export { AircallStrategy } from "../index";', "../index"],
    ["simulator/app.ts", 'import { ConfigError } from "../errors";', "../errors"],
    ["index.ts", 'export * from "./simulator";', "./simulator"],
    ["client.ts", 'const load = () => import("./sign-in/sign-in");', "./sign-in/sign-in"],
    ["oauth/tokens.ts", 'type Request = import("express").Request;', "express"],
    ["sign-in/session.ts", 'import passport = require("passport");', "passport"],
    ["cellar/barrel.ts", 'import { AircallError } from "../errors";', "../errors"],
  ])("notices in %s the wrong %s", (file, text, stray) => {
    expect(strayImports(file, text)).toEqual([stray]);
  });

  it("lets a room read types that it may not run", () => {
    const text = 'import type { Http } from "../http/http"; import { type Turn } from "../http/http";';
    expect(strayImports("grants/renew.ts", text)).toEqual([]);
  });
});

/** What a file names without the right to, as written. */
function strayImports(file: string, text: string): string[] {
  return importsOf(text)
    .filter((found) => !isAllowed(file, found))
    .map(({ specifier }) => specifier);
}

function isAllowed(file: string, { specifier, typesOnly }: Import): boolean {
  if (!specifier.startsWith(".")) return places[specifier]?.some((place) => file.startsWith(place)) ?? true;

  const from = roomOf(file);
  const to = roomOf(posix.join(posix.dirname(file), specifier));
  const { imports = [], types = [] } = rooms[from] ?? {};
  return imports.includes(to) || (typesOnly && types.includes(to)) || (to === from && to in rooms);
}

/** `grants` for `grants/renew.ts`, `errors` for `errors.ts`, `index` for what leads there: `.` and `index.ts`. */
function roomOf(path: string): string {
  const [room = ""] = path.replace(/\.ts$/, "").split("/");
  return room === "." ? "index" : room;
}

function importGraph(): Graph {
  const files = sourceFiles();
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const named = importsOf(readFileSync(join(source, file), "utf8")).map(({ specifier }) => specifier);
      const paths = named.filter((name) => name.startsWith(".")).map((name) => posix.join(posix.dirname(file), name));
      return [file, paths.flatMap((path) => [`${path}.ts`, `${path}/index.ts`].filter((found) => known.has(found)))];
    }),
  );
}

function sourceFiles(): string[] {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(source, join(entry.parentPath, entry.name)).split(sep).join("/"));
}
