import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { runCommand } from "../../src/cli/commands";
import { progress } from "../../src/cli/progress";
import { buildIfStale } from "../support/build";
import { runNode } from "../support/own-command";
import { typed } from "../support/typed";

const commands = [
  ...["simulator", "check", "trigger", "play", "listen", "replay", "login", "logout", "whoami"],
  ...["companies", "failed", "retry", "grants"],
];
const page = readFileSync(join(__dirname, "../../docs/cli.md"), "utf8");

describe("npx express-aircall", () => {
  it("names its commands", async () => {
    const { code, said } = await typed(runCommand, ["--help"]);
    expect(code).toBe(0);
    expect(said.match(/^ {2}\w+/gm)?.map((name) => name.trim())).toEqual(commands);
    expect((await typed(runCommand, ["help"])).said).toBe(said);
  });

  it.each(commands)("has %s explained on its page", (name) => {
    expect(page).toMatch(new RegExp(`^## .*\`${name}`, "m"));
  });

  it("loads no command but the one that it runs", async () => {
    await buildIfStale("library");
    const path = join(__dirname, "../../dist/cli/commands.js");
    const program = `require(${JSON.stringify(path)}).runCommand(["grants", "--help"])
      .then(() => console.error(Object.keys(require.cache).join("\\n")))`;
    const { stderr: loaded } = await runNode(["--eval", program], {});
    expect(loaded).toMatch(/cli.grants\.js$/m);
    expect(loaded.split("\n").filter((file) => /cli.(check|events|login|whoami)|simulator/.test(file))).toEqual([]);
  });

  it("tells its version", async () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };
    expect(await typed(runCommand, ["--version"])).toEqual({ code: 0, said: `${version}\n`, complained: "" });
  });

  it.each([
    [["chek"], 'There is no command "chek". Did you mean check? Try express-aircall --help.\n'],
    [["simulate"], 'There is no command "simulate". Did you mean simulator? Try express-aircall --help.\n'],
    [["frobnicate"], 'There is no command "frobnicate". Try express-aircall --help.\n'],
    [["toString"], 'There is no command "toString". Try express-aircall --help.\n'],
    [[], "Say which command. Try express-aircall --help.\n"],
  ])("answers %j with one sentence and 2", async (args, complained) => {
    expect(await typed(runCommand, args)).toEqual({ code: 2, said: "", complained });
  });

  it.each(commands.filter((name) => name !== "simulator"))("%s answers programs, too", async (name) => {
    const { code, said } = await typed(runCommand, [name, "--json", "--help"]);
    expect([code, JSON.parse(said)]).toEqual([
      0,
      { help: expect.stringContaining(`express-aircall ${name}`) as string },
    ]);
  });
});

describe("progress", () => {
  const terminal = (isTTY: boolean) => {
    const stderr = Object.assign(new PassThrough(), { isTTY });
    return { stderr, shown: () => String(stderr.read() ?? "") };
  };

  it("shows a person how far it has come, and leaves nothing behind", async () => {
    const { stderr, shown } = terminal(true);
    const bar = progress({ stderr }, { label: "Events", total: 4, after: 0 });
    bar.step();
    while (stderr.readableLength === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    bar.step();
    bar.end();
    expect(shown().split("\r\x1b[2K").slice(1)).toEqual([
      "Events  ######------------------ 1 of 4",
      "Events  ############------------ 2 of 4",
      "",
    ]);
  });

  it("says nothing to a file, and nothing about what takes no time", () => {
    const [file, person] = [terminal(false), terminal(true)];
    for (const { stderr } of [file, person]) {
      const bar = progress({ stderr }, { label: "Events", total: null });
      bar.step();
      bar.end();
    }
    expect([file.shown(), person.shown()]).toEqual(["", ""]);
  });
});
