import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { takeLockFile } from "../../../../src/grants/stores/file/lock-file";

describe("a lock that is a file", () => {
  let folder: string;
  let path: string;
  let broken: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
    path = join(folder, "lock");
    broken = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Takes it, and gives up at the third look at one that stands. */
  function take() {
    let looks = 0;
    return takeLockFile(path, { isOpen: () => (looks += 1) <= 3, onBroken: (owner) => void broken.push(owner) });
  }
  const holder = (more: object = {}) => ({
    owner: "abc123",
    pid: process.pid,
    host: hostname(),
    endsAt: Date.now() + 60_000,
    ...more,
  });
  const stands = (content: unknown) => writeFileSync(path, JSON.stringify(content));
  const endedPid = () => Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));

  it("is one owner's until it is released, and says whose", async () => {
    const startedAt = Date.now();
    const lock = (await take())!;
    expect(lock.owner).toMatch(/^[\da-f]{18}$/);
    const { endsAt, ...written } = JSON.parse(readFileSync(path, "utf8")) as { endsAt: number };
    expect(written).toEqual({ owner: lock.owner, pid: process.pid, host: hostname() });
    expect(endsAt).toBeGreaterThanOrEqual(startedAt + 10_000);
    expect(endsAt).toBeLessThanOrEqual(Date.now() + 10_000);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(lock.isOurs()).toBe(true);

    expect(await take()).toBeNull();
    lock.release();
    expect(existsSync(path)).toBe(false);
    expect(lock.isOurs()).toBe(false);
    expect((await take())!.owner).not.toBe(lock.owner);
    expect(broken).toEqual([]);
  });

  it("is left alone by an owner who has lost it", async () => {
    const lock = (await take())!;
    stands(holder());
    expect(lock.isOurs()).toBe(false);
    lock.release();
    expect(existsSync(path)).toBe(true);
    rmSync(path);
    expect(() => lock.release()).not.toThrow();
  });

  it("is taken by who waited for it, once it is released", async () => {
    const lock = (await take())!;
    let looks = 0;
    const next = await takeLockFile(path, {
      isOpen: () => {
        if ((looks += 1) === 3) lock.release();
        return true;
      },
      onBroken: (owner) => void broken.push(owner),
    });
    expect(next!.isOurs()).toBe(true);
    expect(looks).toBe(3);
    expect(broken).toEqual([]);
  });

  it.each<[string, () => object]>([
    ["whose time has passed", () => ({ endsAt: Date.now() })],
    ["of a process that has ended", () => ({ pid: endedPid() })],
    ["whose time has passed on another machine", () => ({ host: "another", endsAt: Date.now() - 1 })],
  ])("is taken away %s", async (_which, more) => {
    stands(holder(more()));
    expect((await take())!.isOurs()).toBe(true);
    expect(broken).toEqual(["abc123"]);
  });

  it.each<[string, () => object]>([
    ["of a process that goes on", () => ({})],
    ["of a process of another machine, whatever runs on this one", () => ({ host: "another", pid: endedPid() })],
    ["of another user's process", () => ({ pid: 1 })],
  ])("stands %s", async (_which, more) => {
    stands(holder(more()));
    expect(await take()).toBeNull();
    expect(existsSync(path)).toBe(true);
    expect(broken).toEqual([]);
  });

  const unread: [string, string][] = [
    ["nothing", ""],
    ["no JSON", "{"],
    ["no owner", JSON.stringify({ ...holder(), owner: 7, endsAt: 0 })],
    ["an owner that could lead elsewhere", JSON.stringify({ ...holder(), owner: "../abc", endsAt: 0 })],
    ["an owner that could lead deeper", JSON.stringify({ ...holder(), owner: "abc/..", endsAt: 0 })],
    ["no end", JSON.stringify({ ...holder(), endsAt: "0" })],
    ["no process", JSON.stringify({ ...holder(), pid: "1", endsAt: 0 })],
    ["no machine", JSON.stringify({ ...holder(), host: null, endsAt: 0 })],
  ];

  it.each(unread)("stands for ten seconds with %s in it", async (_what, content) => {
    writeFileSync(path, content);
    expect(await take()).toBeNull();
    const old = Date.now() / 1_000 - 11;
    utimesSync(path, old, old);
    expect((await take())!.isOurs()).toBe(true);
    expect(broken).toEqual([""]);
  });

  it("says what keeps it from being made or taken away", async () => {
    path = join(folder, "no folder", "lock");
    await expect(take()).rejects.toMatchObject({ code: "ENOENT" });
  });
});
