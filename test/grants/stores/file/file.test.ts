import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createFileGrants, fileGrants } from "../../../../src/grants/stores/file/file";
import { createSeal } from "../../../../src/grants/seal";
import { newGrant } from "../../../support/grants";
import { describeGrantStore } from "../contract";
import { runWriters } from "./writers";

const lifeMs = 60_000;
const [today, yesterday] = ["today's key, of 32 characters....", "yesterday's key, of 32 characters"];
const folders: string[] = [];

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
  folders.push(folder);
  return join(folder, "grants");
}

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

describeGrantStore(
  "fileGrants",
  (now) => ({ store: createFileGrants({ path: newPath(), seals: [createSeal(today, "file of grants")], now }) }),
  { numRuns: 10 },
);

describe("fileGrants", () => {
  const open = (path: string, encryptionKeys = [today]) => fileGrants(path, { encryptionKeys });

  it("keeps a file that is its owner's alone, sealed, and nothing beside it", async () => {
    const path = newPath();
    await open(path).create(newGrant(), lifeMs, "a-link");

    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, ".."))).toEqual(["grants"]);
    for (const plain of ["access-0", "refresh-0", "Acme", "a-link"]) {
      expect(readFileSync(path, "utf8")).not.toContain(plain);
    }
  });

  it("makes the folder that it is to be in, for its owner alone", async () => {
    const path = join(newPath(), "deeper", "grants");
    await open(path).create(newGrant(), lifeMs);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
  });

  it.each([0o640, 0o604, 0o660])("refuses a file of mode %o, and says how to mend it", async (mode) => {
    const path = newPath();
    const store = open(path);
    const id = await store.create(newGrant(), lifeMs);
    chmodSync(path, mode);

    const refusal = { code: "config_invalid", message: expect.stringContaining(`Run: chmod 600 ${path}`) as string };
    await expect(store.get(id)).rejects.toMatchObject(refusal);
    await expect(store.create(newGrant(), lifeMs)).rejects.toMatchObject(refusal);
    chmodSync(path, 0o600);
    expect(await store.get(id)).not.toBeNull();
  });

  it("opens what an older key has sealed, and seals anew as it writes", async () => {
    const path = newPath();
    const id = await open(path, [yesterday]).create(newGrant(), lifeMs);
    expect(await open(path, [today, yesterday]).prolong(id, 2 * lifeMs)).toBe(true);
    expect(await open(path, [today]).get(id)).not.toBeNull();
  });

  it("neither reads nor overwrites what it cannot open", async () => {
    const path = newPath();
    await open(path, [yesterday]).create(newGrant(), lifeMs);
    const kept = readFileSync(path, "utf8");
    await expect(open(path).create(newGrant(), lifeMs)).rejects.toThrow(/sealed with other keys/);
    expect(readFileSync(path, "utf8")).toBe(kept);

    writeFileSync(path, "my notes");
    await expect(open(path).create(newGrant(), lifeMs)).rejects.toThrow(/something else than grants/);
    expect(readFileSync(path, "utf8")).toBe("my notes");
  });

  it("opens no file that was changed by one letter", async () => {
    const path = newPath();
    const id = await open(path).create(newGrant(), lifeMs);
    const text = readFileSync(path, "utf8");
    const at = Math.floor(text.length / 2);
    writeFileSync(path, text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1));
    await expect(open(path).get(id)).rejects.toMatchObject({ code: "config_invalid" });
  });

  it("leaves a link to a file a link", async () => {
    const [real, path] = [newPath(), newPath()];
    await open(real).create(newGrant(), lifeMs);
    symlinkSync(real, path);
    const id = await open(path).create(newGrant(), lifeMs);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(await open(real).get(id)).not.toBeNull();
  });

  it("names a folder, or a file in place of one, as a setting's fault", async () => {
    const folder = join(newPath(), "..");
    await expect(open(folder).get("x")).rejects.toThrow(/cannot be used \(EISDIR\)/);
    await expect(open(join(__filename, "grants")).create(newGrant(), lifeMs)).rejects.toThrow(/\(E(?:EXIST|NOTDIR)\)/);
  });

  it.each([
    ["of a process that has ended", () => ({ pid: endedPid(), endsAt: Date.now() + 10_000 })],
    ["whose time has passed", () => ({ pid: process.pid, endsAt: Date.now() - 1 })],
  ])("takes away a lock %s, and what it left behind", async (_which, holder) => {
    const path = newPath();
    writeFileSync(`${path}.lock`, JSON.stringify({ owner: "abc123", host: hostname(), ...holder() }));
    writeFileSync(`${path}.abc123.tmp`, "half");
    await open(path).create(newGrant(), lifeMs);
    await new Promise(setImmediate);
    expect(existsSync(`${path}.lock`)).toBe(false);
    expect(existsSync(`${path}.abc123.tmp`)).toBe(false);
  });

  it("waits two seconds for a lock that is held, and then writes nothing any more", async () => {
    const path = newPath();
    const holder = { owner: "abc123", host: hostname(), pid: process.pid, endsAt: Date.now() + 60_000 };
    writeFileSync(`${path}.lock`, JSON.stringify(holder));
    await expect(open(path).create(newGrant(), lifeMs)).rejects.toMatchObject({ code: "store_failed" });
    rmSync(`${path}.lock`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    [undefined, /at least one key|must be a list/],
    [[], /at least one key/],
    [["short"], /at least 32 characters/],
  ])("refuses the keys %j", (encryptionKeys, message) => {
    expect(() => fileGrants("grants", { encryptionKeys } as never)).toThrow(message);
  });

  it("loses no write of four processes, while others are killed in the midst of theirs", async () => {
    const path = newPath();
    const store = open(path);
    const id = await store.create(newGrant(), lifeMs);
    const written = await runWriters({ path, key: today, id, writes: 15 });

    const { version = 0 } = (await store.get(id)) ?? {};
    expect(written.replaced).toBe(60);
    expect(version - 1).toBe(60);
    expect((await store.idsOf(null, 8)).sort()).toEqual(written.created.sort());
    expect((await store.idsOf(null, 9)).length).toBeGreaterThanOrEqual(6);
  });
});

function endedPid(): number {
  return Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
}
