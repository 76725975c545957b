import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import * as library from "express-aircall";
import type { SimulatorOptions } from "express-aircall/simulator";
import { type Setting, settingNames, settings } from "../src/config/settings";
import { callOptionNames } from "../src/http/options";
import { grantOptionNames } from "../src/middleware/grant-options";
import { anchorsOf, linksOf, pages, papers, programsOf, readme, type Page } from "./docs/pages";
import { complaintsAbout, complaintsAboutFragments } from "./docs/type-check";
import { rowsOf } from "./resources/every-row";
import { channelNames } from "./support/channels";

const root = join(__dirname, "..");
const everything = [readme, ...pages].map(({ text }) => text).join("\n");
const blocks = papers.flatMap(({ text }) => programsOf(text));
const isProgram = (code: string) => code.includes(' from "express-aircall');

function pageAt(path: string): Page {
  const page = papers.find((one) => one.path === path);
  if (!page) throw new Error(`There is no ${path}.`);
  return page;
}

describe("the README and the pages", () => {
  it("show programs that the library's types agree with", () => {
    const programs = blocks.filter(isProgram);
    expect(programs.length).toBeGreaterThanOrEqual(8);
    const ownApp = "Cannot find module './app.js' or its corresponding type declarations.";
    expect(complaintsAbout(programs).filter((complaint) => complaint !== ownApp)).toEqual([]);
  });

  it("show parts of programs that the library's types agree with", () => {
    const fragments = blocks.filter((code) => !isProgram(code));
    expect(fragments.length).toBeGreaterThanOrEqual(20);
    expect(complaintsAboutFragments(fragments)).toEqual([]);
  });

  it("would be told of an example that calls what is not there", () => {
    expect(complaintsAboutFragments(["auth.open();"])).toEqual([
      "Property 'open' does not exist on type 'AircallAuth'.",
    ]);
  });

  it.each(Object.keys(library))("name %s", (name) => {
    expect(everything).toContain(name);
  });

  it.each(settingNames)("explain the setting %s, its property and its variable", (name) => {
    const { property, variable }: Setting = settings[name];
    const names = [name, property, variable].filter((one) => one !== null);
    const rows = pageAt("docs/settings.md").text.match(/^\|.*/gm) ?? [];
    expect(rows.filter((row) => names.every((one) => row.includes(`\`${one}\``)))).toHaveLength(1);
  });

  it.each(grantOptionNames)("explain the option %s of aircallAuth()", (name) => {
    expect(pageAt("docs/grants.md").text).toContain(`| \`${name}\``);
  });

  it.each(callOptionNames)("name the option %s of every call", (name) => {
    expect(pageAt("docs/client.md").text).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it("name no room or file of src that is not there", () => {
    const { text } = pageAt("docs/architecture.md");
    const named = [...text.matchAll(/`([a-z-]+(?:\/[a-z-]+)*\/?(?:\.ts)?)`/g)].map(([, path]) => path!);
    const inSource = named.filter((path) => path.includes("/"));
    expect(inSource.length).toBeGreaterThan(30);
    const exists = (path: string) => [path, `${path}.ts`].some((found) => existsSync(join(root, "src", found)));
    expect(inSource.filter((path) => path !== "src/" && !exists(path))).toEqual([]);
  });

  it("have every code of every error in the table", () => {
    const source = readFileSync(join(root, "src/errors/codes.ts"), "utf8");
    const codes = [...source.matchAll(/readonly code = "(\w+)"|^ {2}\| "(\w+)"/gm)].map(
      ([, one, other]) => one ?? other,
    );
    const { text } = pageAt("docs/errors.md");
    const [, table = ""] = text.split("\n## Every code\n");
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !table.split("\n## ")[0]!.includes(`\`${code}\``))).toEqual([]);
  });

  it("list every channel of diagnostics", () => {
    const { text } = pageAt("docs/diagnostics.md");
    expect(channelNames().filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("the page of the client", () => {
  const client = library.createAircallClient({ user: "id", password: "token" });
  const names = rowsOf(client).map(({ name }) => name);

  afterAll(() => client.close());

  it.each(names.filter((name) => name.includes(".")))("lists %s", (name) => {
    const [noun, verb] = name.split(".");
    const listed = pageAt("docs/client.md")
      .text.split("\n")
      .filter((line) => line.includes(`\`${noun}\``));
    expect(listed.filter((line) => new RegExp(`[\` ]${verb}[\` ]`).test(line))).not.toEqual([]);
  });
});

describe("the pages of the simulator", () => {
  const simulatorOptions: Record<keyof SimulatorOptions, true> = {
    seed: true,
    now: true,
    url: true,
    clientId: true,
    clientSecret: true,
    redirectUris: true,
    apiId: true,
    apiToken: true,
    tokens: true,
    expiresInSeconds: true,
    reuseDetection: true,
    issuer: true,
    rateLimit: true,
    rateWindowSeconds: true,
    rateResetUnit: true,
    resultCap: true,
    callsPerDay: true,
    calls: true,
    contacts: true,
    assetUrlSeconds: true,
    assetBytes: true,
    entitlements: true,
    randomToken: true,
    kind: true,
    rateHeaders: true,
    searchLagSeconds: true,
    callEndLagSeconds: true,
    assetDelaySeconds: true,
    deletionSeconds: true,
    emptyAnswerEvery: true,
    aiVoiceCallsAtOnce: true,
    secondCredential: true,
    webhooks: true,
    live: true,
    random: true,
  };

  it.each(Object.keys(simulatorOptions))("explain the option %s", (name) => {
    expect(pageAt("docs/testing.md").text).toMatch(new RegExp(`\`${name}[\`:]`));
  });

  it.each([
    "src/simulator/cli.ts",
    "src/cli/grants.ts",
    "src/cli/events/trigger.ts",
    "src/cli/events/play.ts",
    "src/cli/events/listen.ts",
  ])("explain what the help in %s lists", (file) => {
    const [help = ""] = /const help = `[^`]*`/.exec(readFileSync(join(root, file), "utf8")) ?? [];
    const options = Array.from(help.matchAll(/^(?:\$\{\w+\})? {2}(--[\w-]+)/gm), ([, option = ""]) => option);
    expect(options.length).toBeGreaterThan(1);
    expect(options.filter((option) => !pageAt("docs/cli.md").text.includes(`\`${option}`))).toEqual([]);
  });
});

describe("the README", () => {
  it("is short: 200 lines at most", () => {
    expect(readme.text.trimEnd().split("\n").length).toBeLessThanOrEqual(200);
  });

  it("is narrow: 120 columns at most, tables too", () => {
    expect(readme.text.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  it("leads to every page, of which there are twelve or more", () => {
    expect(pages.length).toBeGreaterThanOrEqual(12);
    const recipes = linksOf(pageAt("docs/recipes.md")).map((target) => `docs/${target}`);
    const listed = [...linksOf(readme), ...recipes];
    expect(pages.map(({ path }) => path).filter((path) => !listed.includes(path))).toEqual([]);
  });
});

describe.each(pages.map((page) => [page.path, page] as const))("%s", (_path, page) => {
  it("opens with code", () => {
    expect(page.text).toMatch(/^# .+\n\n```(js|ts|sh|text)\n/);
  });

  it("has 120 columns at most, but in tables", () => {
    expect(page.text.split("\n").filter((line) => line.length > 120 && !line.startsWith("|"))).toEqual([]);
  });

  it("leads back to the list of pages", () => {
    expect(linksOf(page)).toContain(`${posix.relative(posix.dirname(page.path), "README.md")}#pages`);
  });
});

describe("what coding agents read", () => {
  it("names every page", () => {
    const listed = linksOf(pageAt("llms.txt"));
    expect(pages.map(({ path }) => path).filter((path) => !listed.includes(path))).toEqual([]);
  });

  it("is short, and names nothing that is not there", () => {
    const { text } = pageAt("skills/express-aircall/SKILL.md");
    expect(text.split("\n").length).toBeLessThanOrEqual(200);
    const client = library.createAircallClient({ user: "id", password: "token" });
    const methods = rowsOf(client).flatMap(({ name }) => name.split("."));
    const others = ["session", "Date", "remove", "withOptions", "toJSON", "bullQueue", "parseAircallEvent"];
    const known = new Set([...Object.keys(library), ...methods, ...others]);
    const named = [...text.matchAll(/`(?:new )?(\w+)\(/g)].map(([, name]) => name!);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("proofs", () => {
  it("that pages name are there", () => {
    const named = [...everything.matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe("links", () => {
  it.each(papers.map((page) => [page.path, page] as const))("of %s lead to what is there", (_path, page) => {
    expect(linksOf(page).filter((target) => !leadsSomewhere(target, page))).toEqual([]);
  });

  it("that lead nowhere would be told", () => {
    const page = { path: "docs/errors.md", text: "[a](../README.md#nothing) [b](none.md) [c](#none) [d](writes.md)" };
    expect(linksOf(page).map((target) => leadsSomewhere(target, page))).toEqual([false, false, false, true]);
  });
});

function leadsSomewhere(target: string, from: Page): boolean {
  const [path = "", anchor] = target.split("#");
  const there = path === "" ? from.path : posix.join(posix.dirname(from.path), path);
  if (!existsSync(join(root, there))) return false;
  return anchor === undefined || anchorsOf(there === from.path ? from : pageAt(there)).includes(anchor);
}
