import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { importsOf, type Import } from "./support/imports";
import { type Graph, ringsIn } from "./support/rings";
import { countCasts, longFunctions } from "./support/shape";

const dirname = (path: string) => posix.dirname(path);
const source = join(__dirname, "../src");

/** What stands on the left knows nothing of what stands on its right; rooms that stand together know nothing of each other. */
const line = [
  ...[
    "errors",
    "diagnostics",
    "config time",
    "redis",
    "http",
    "pagination downloads budget oauth",
    "session",
    "grants",
  ],
  ...[
    "resources",
    "client",
    "connections",
    "companies",
    "sign-in",
    "webhooks",
    "strategy middleware",
    "index",
    "testing otel cli",
  ],
].map((together) => together.split(" "));

/** Rooms that know less than the line lets them, and of whom the types only. */
const modest: Record<string, { imports: string[]; types?: string[] }> = {
  config: { imports: ["errors"] },
  time: { imports: ["errors"] },
  redis: { imports: ["errors", "time"] },
  budget: { imports: ["errors", "diagnostics", "config", "time", "redis"], types: ["http"] },
  session: { imports: ["errors", "config", "time", "redis"] },
  grants: { imports: ["errors", "diagnostics", "config", "time", "redis", "oauth", "session"], types: ["http"] },
  resources: { imports: ["errors", "config", "time", "http", "pagination", "downloads"] },
  strategy: { imports: ["errors", "config", "sign-in"] },
  otel: { imports: [], types: ["diagnostics"] },
  testing: { imports: [], types: ["config", "grants"] },
  simulator: { imports: [], types: line.flat().filter((room) => !["index", "testing", "otel", "cli"].includes(room)) },
};

/** Starts it, and sends the events that it makes up. */
const knowsTheSimulator = "cli";

const knowExpress = [
  "session/",
  "sign-in/",
  "connections/",
  "companies/",
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
  "@opentelemetry/api": ["otel/"],
  bullmq: ["webhooks/bullmq/"],
};

/** In the library without its simulator: what only the reader can know. */
const mostCasts = 29;

describe("the house", () => {
  it("has no file that knows more than its room may", () => {
    const strays = sourceFiles().flatMap((file) => {
      const text = readFileSync(join(source, file), "utf8");
      return strayImports(file, text).map((specifier) => `${file} imports ${specifier}`);
    });
    expect(strays).toEqual([]);
  });

  it("has no ring of files, those of types included", () => {
    expect(ringsIn(importGraph())).toEqual([]);
  });

  it("has no file that is longer than can be read in one sitting", () => {
    const lengths = sourceFiles().map((file) => [file, readFileSync(join(source, file), "utf8").split("\n").length]);
    expect(lengths.filter(([, lines]) => Number(lines) > 300)).toEqual([]);
  });

  it("has no function over 80 lines", () => {
    const long = sourceFiles().flatMap((file) =>
      longFunctions(readFileSync(join(source, file), "utf8"), 80).map((name) => `${file}: ${name}`),
    );
    expect(long).toEqual([]);
  });

  it("knows better than the compiler no more often than before", () => {
    const library = sourceFiles().filter((file) => roomOf(file) !== "simulator");
    const casts = library.map((file) => countCasts(readFileSync(join(source, file), "utf8")));
    expect(casts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(mostCasts);
  });

  it("has no folder in which a file is hard to find", () => {
    const folders = new Map<string, string[]>();
    for (const file of sourceFiles()) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file]);
    const divided = (folder: string) => [...folders.keys()].some((other) => other.startsWith(`${folder}/`));
    const crowded = [...folders].filter(([folder, files]) => files.length > 25 && !divided(folder));
    expect(crowded.map(([folder, files]) => `${folder}: ${files.length}`)).toEqual([]);
  });

  it("notices every long function", () => {
    const body = "{\n\n}";
    const text = `const list = () => ${body}; class Store { read() ${body} } function brief() {} [].map(function () ${body});`;
    expect(longFunctions(text, 2)).toEqual(["list", "read", "line 5"]);
  });

  it("notices every cast", () => {
    expect(countCasts("const a = b as C; const d = <E>f; const g = [1] as const; const h = i as unknown as J;")).toBe(
      4,
    );
  });

  it("notices every ring", () => {
    const graph = { a: ["b"], b: ["c"], c: ["a", "d"], d: ["e"], e: ["d"], f: ["a", "f"], g: ["f"] };
    expect(ringsIn(new Map(Object.entries(graph)))).toEqual([["a", "b", "c"], ["d", "e"], ["f"]]);
  });

  it.each([
    ["grants/access.ts", 'import { calls } from "../resources/calls";', "../resources/calls"],
    ["grants/access.ts", 'import { send } from "../http/send";', "../http/send"],
    ["grants/renewal/probe.ts", 'import type { Answer } from "../../client/api";', "../../client/api"],
    ["http/send.ts", 'import { toPage } from "../pagination/page";', "../pagination/page"],
    ["downloads/open.ts", 'import { toPage } from "../pagination/page";', "../pagination/page"],
    ["session/guard.ts", 'import { linksOf } from "../grants/session-grants";', "../grants/session-grants"],
    ["config/urls.ts", 'import { aircallAuth } from "..";', ".."],
    ["middleware/auth.ts", 'export { AircallStrategy } from "../index";', "../index"],
    ["simulator/app.ts", 'import { ConfigError } from "../errors/errors";', "../errors/errors"],
    ["index.ts", 'export * from "./simulator";', "./simulator"],
    ["client/client.ts", 'const load = () => import("../sign-in/sign-in");', "../sign-in/sign-in"],
    ["oauth/tokens.ts", 'type Request = import("express").Request;', "express"],
    ["sign-in/session.ts", 'import passport = require("passport");', "passport"],
    ["cellar/barrel.ts", 'import { AircallError } from "../errors/errors";', "../errors/errors"],
  ])("notices in %s the wrong %s", (file, text, stray) => {
    expect(strayImports(file, text)).toEqual([stray]);
  });

  it("lets a room read types that it may not run", () => {
    const text = 'import type { Owner } from "../http/credential"; import { type Permit } from "../http/limiter";';
    expect(strayImports("grants/access.ts", text)).toEqual([]);
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
  if (from === knowsTheSimulator && to === "simulator") return true;
  const { imports, types = [] } = modest[from] ?? { imports: leftOf(from) };
  return imports.includes(to) || (typesOnly && types.includes(to)) || (to === from && isRoom(to));
}

function leftOf(room: string): string[] {
  return line.slice(0, Math.max(0, placeOf(room))).flat();
}

function placeOf(room: string): number {
  return line.findIndex((together) => together.includes(room));
}

function isRoom(name: string): boolean {
  return placeOf(name) >= 0 || name in modest;
}

/** `grants` for `grants/renewal/renew.ts`, `index` for what leads there: `.` and `index.ts`. */
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
