import {
  chmodSync,
  existsSync,
  mkdirSync,
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
import { ConfigError } from "../../../../src/errors/errors";
import { createPrivateFile } from "../../../../src/grants/stores/file/private-file";

/** Waits for long, and not for ever. */
function patiently(): () => boolean {
  let looks = 0;
  return () => (looks += 1) <= 50;
}

describe("a file that is its owner's alone", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
    path = join(folder, "kept");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const keep = (text: string) => writeFileSync(path, text, { mode: 0o600 });

  it("is made as it is first written to, with its folder, and nothing is left beside it", async () => {
    path = join(folder, "deep", "er", "kept");
    const file = createPrivateFile(path);
    expect(await file.read()).toBeNull();
    expect(existsSync(join(folder, "deep"))).toBe(false);
    await file.change((text) => `after ${text}`, patiently());
    expect(await file.read()).toBe("after null");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(path, ".."))).toEqual(["kept"]);
  });

  it("is replaced as a whole, by another file", async () => {
    keep("before");
    const { ino } = statSync(path);
    await createPrivateFile(path).change((text) => `${text} and after ☎`, patiently());
    expect(readFileSync(path, "utf8")).toBe("before and after ☎");
    expect(statSync(path).ino).not.toBe(ino);
  });

  it("is left alone where nothing is to be written, and where the work on it fails", async () => {
    keep("before");
    const { ino } = statSync(path);
    const file = createPrivateFile(path);
    let edits = 0;
    await file.change(() => ((edits += 1), null), patiently());
    expect(edits).toBe(1);
    const failing = file.change(() => {
      throw new Error("a bug");
    }, patiently());
    await expect(failing).rejects.toThrow("a bug");
    expect([statSync(path).ino, await file.read(), readdirSync(folder)]).toEqual([ino, "before", ["kept"]]);
  });

  it.each<[string, () => void]>([
    ["written in place", () => writeFileSync(path, "others'")],
    ["put in its place", () => (rmSync(path), writeFileSync(path, "others'", { mode: 0o600 }))],
  ])("is edited again where something else was %s meanwhile", async (_how, interfere) => {
    keep("before");
    const seen: (string | null)[] = [];
    await createPrivateFile(path).change((text) => {
      seen.push(text);
      if (seen.length === 1) interfere();
      return `${text} ours`;
    }, patiently());
    expect(seen).toEqual(["before", "others'"]);
    expect(readFileSync(path, "utf8")).toBe("others' ours");
    expect(readdirSync(folder)).toEqual(["kept"]);
  });

  it("is edited again where its lock was taken away meanwhile", async () => {
    keep("before");
    const seen: (string | null)[] = [];
    await createPrivateFile(path).change((text) => {
      seen.push(text);
      if (seen.length === 1) rmSync(`${path}.lock`);
      return `${text} ours`;
    }, patiently());
    expect(seen).toEqual(["before", "before"]);
    expect(readFileSync(path, "utf8")).toBe("before ours");
  });

  it("is not written once nobody waits for it", async () => {
    keep("before");
    let open = true;
    const edit = (text: string | null) => {
      open = false;
      return `${text} late`;
    };
    await createPrivateFile(path).change(edit, () => open);
    await createPrivateFile(path).change(edit, () => false);
    expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["before", ["kept"]]);
  });

  it("keeps its lock while it is worked on, and clears away what the owner of a broken one has left", async () => {
    const gone = { owner: "abc123", host: hostname(), pid: process.pid, endsAt: 0 };
    writeFileSync(`${path}.lock`, JSON.stringify(gone));
    writeFileSync(`${path}.abc123.tmp`, "half");
    let locked = false;
    await createPrivateFile(path).change(() => ((locked = existsSync(`${path}.lock`)), "text"), patiently());
    expect(locked).toBe(true);
    for (let n = 0; n < 1_000 && existsSync(`${path}.abc123.tmp`); n += 1) await new Promise(setImmediate);
    expect(readdirSync(folder)).toEqual(["kept"]);
  });

  it.each([0o610, 0o601, 0o644])("is refused with the mode %o", async (mode) => {
    keep("text");
    chmodSync(path, mode);
    const file = createPrivateFile(path);
    const refusal = `${path} holds grants, and may be read by others than its owner. Run: chmod 600 ${path}`;
    await expect(file.read()).rejects.toThrow(refusal);
    await expect(file.change(() => "other", patiently())).rejects.toThrow(ConfigError);
    expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["text", ["kept"]]);
  });

  it("may be its owner's in any way", async () => {
    keep("text");
    chmodSync(path, 0o700);
    expect(await createPrivateFile(path).read()).toBe("text");
  });

  it("may be led to by a link, which stays one", async () => {
    mkdirSync(join(folder, "real"));
    const real = join(folder, "real", "kept");
    writeFileSync(real, "before", { mode: 0o600 });
    symlinkSync(real, path);
    await createPrivateFile(path).change((text) => `${text} and after`, patiently());
    expect(readFileSync(real, "utf8")).toBe("before and after");
    expect([readdirSync(folder).sort(), readdirSync(join(folder, "real"))]).toEqual([["kept", "real"], ["kept"]]);
  });

  it.each<[string, () => string]>([
    ["EISDIR", () => folder],
    ["ENOTDIR", () => join(__filename, "kept")],
    ["ENAMETOOLONG", () => join(folder, "n".repeat(300))],
  ])("is a setting's fault where waiting does not mend it: %s", async (code, place) => {
    const named = place();
    const refusal = `${named} cannot be used (${code}): this process must be able to read and write it and its folder.`;
    await expect(createPrivateFile(named).read()).rejects.toEqual(new ConfigError(refusal));
  });

  it("is a setting's fault where its folder is a file", async () => {
    keep("text");
    const below = createPrivateFile(join(path, "kept"));
    await expect(below.change(() => "other", patiently())).rejects.toBeInstanceOf(ConfigError);
    expect(readFileSync(path, "utf8")).toBe("text");
  });

  it("fails as it is where it is no setting's fault", async () => {
    symlinkSync(path, path);
    await expect(createPrivateFile(path).read()).rejects.toMatchObject({ code: "ELOOP" });
  });
});
