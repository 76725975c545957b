import session = require("express-session");
import { ConfigError } from "../../src/errors/errors";
import { createGrantText, givenBy, givenByGrant } from "../../src/grants/encryption";
import { sealsWith } from "../../src/grants/encryption-keys";
import { sessionGrants } from "../../src/grants/stores/session";
import { everyBitOf } from "../support/bits";
import { newGrant } from "../support/grants";

const [today, yesterday] = ["today's key, of 32 characters....", "yesterday's key, of 32 characters"];
const grant = { ...newGrant({ app: "an-app-1" }), version: 1 };

describe("encryptionKeys", () => {
  it.each([["short"], [""], [today, "x".repeat(31)], [7 as unknown as string]])("refuses %j", (...encryptionKeys) => {
    expect(() => createGrantText({ encryptionKeys })).toThrow(ConfigError);
    expect(() => sessionGrants(new session.MemoryStore(), { encryptionKeys })).toThrow(/encryptionKeys\[\d\] must/);
  });

  it("hide everything but the company and the app", () => {
    const sealed = createGrantText({ encryptionKeys: [today] }).encode(grant, "here");

    expect(sealed).toMatch(/^an-app-1\/7 [\w-]+$/);
    expect(Buffer.from(sealed.split(" ")[1]!, "base64url").toString("latin1")).not.toMatch(/access|refresh|Acme|ada/);
    expect(givenBy(sealed)).toEqual([{ app: "an-app-1", company: "id:7" }]);
  });

  it("never seal the same grant to the same text twice", () => {
    const text = createGrantText({ encryptionKeys: [today] });

    expect(text.encode(grant, "here")).not.toBe(text.encode(grant, "here"));
  });

  it("open what any of them has sealed, and seal with the first", () => {
    const before = createGrantText({ encryptionKeys: [yesterday] });
    const both = createGrantText({ encryptionKeys: [today, yesterday] });

    expect(both.decode(before.encode(grant, "here"), "here")).toEqual(grant);
    expect(createGrantText({ encryptionKeys: [today] }).decode(both.encode(grant, "here"), "here")).toEqual(grant);
    expect(before.decode(both.encode(grant, "here"), "here")).toBeNull();
  });

  it("believe what was kept without them for a migration only, and say so once", () => {
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const plain = createGrantText().encode(grant, "here");
    const strict = createGrantText({ encryptionKeys: [today] }, { warn });
    const lenient = createGrantText({ encryptionKeys: [today], acceptUnsealed: true }, { warn });

    expect([strict.decode(plain, "here"), strict.decode(plain, "here")]).toEqual([null, null]);
    expect(warnings).toEqual([
      expect.stringMatching(/^express-aircall: a grant was kept without.*acceptUnsealed: true.*mount it first/s),
    ]);
    expect(warnings.join()).not.toMatch(/access|refresh/);
    expect(lenient.decode(plain, "here")).toEqual(grant);
    expect(warnings).toHaveLength(1);
  });

  it("are needed to read what was sealed", () => {
    const sealed = createGrantText({ encryptionKeys: [today] }).encode(grant, "here");

    expect(createGrantText().decode(sealed, "here")).toBeNull();
    expect(createGrantText({ encryptionKeys: [yesterday], acceptUnsealed: true }).decode(sealed, "here")).toBeNull();
  });

  it("open nothing that was moved, or says another company", () => {
    const text = createGrantText({ encryptionKeys: [today] });
    const sealed = text.encode(grant, "here");

    expect(text.decode(sealed, "there")).toBeNull();
    expect(text.decode(sealed.replace("/7", "/8"), "here")).toBeNull();
    expect(text.decode(sealed.replace("/7", "/-"), "here")).toBeNull();
    expect(text.decode(sealed.replace("an-app-1", "an-app-2"), "here")).toBeNull();
  });

  it("open nothing that was cut or has one bit flipped, wherever", () => {
    const text = createGrantText({ encryptionKeys: [today] });
    const sealed = text.encode(grant, "here");

    for (let length = 0; length < sealed.length; length += 1) {
      expect(text.decode(sealed.slice(0, length), "here")).toBeNull();
    }
    for (const flipped of everyBitOf(sealed)) expect(text.decode(flipped, "here")).toBeNull();
  });

  it("are for grants alone, and bound to where a text stands and whose it is", () => {
    const [label = "", sealed = ""] = createGrantText({ encryptionKeys: [today] })
      .encode(grant, "here")
      .split(" ");
    const [seal] = sealsWith([today], "grants");

    expect(seal!.open(sealed, `here ${label}`)).toBe(createGrantText().encode(grant, "here"));
  });

  it("stand among options, and nothing else does", () => {
    expect(() => createGrantText(7 as never)).toThrow(/^encryptionKeys/);
  });

  it("say whether a text is as it would be kept today", () => {
    const [text, before, both] = [[today], [yesterday], [today, yesterday]].map((encryptionKeys) =>
      createGrantText({ encryptionKeys }),
    );
    const sealed = both!.encode(grant, "here");
    const plain = createGrantText().encode(grant, "here");

    expect([both!.isCurrent(sealed, "here"), text!.isCurrent(sealed, "here")]).toEqual([true, true]);
    expect(both!.isCurrent(before!.encode(grant, "here"), "here")).toBe(false);
    expect(both!.isCurrent(sealed, "there")).toBe(false);
    expect([plain, "", "7"].map((other) => both!.isCurrent(other, "here"))).toEqual([false, false, false]);
    expect(createGrantText().isCurrent(plain, "here")).toBe(true);
    expect([both!.seals, createGrantText().seals]).toEqual([true, false]);
  });

  it("open nothing with more behind it, or nothing at all", () => {
    const text = createGrantText({ encryptionKeys: [today] });
    const sealed = text.encode(grant, "here");

    expect([`${sealed} `, `${sealed} x`, "", "7"].map((other) => text.decode(other, "here"))).toEqual([
      ...[null, null, null, null],
    ]);
  });

  it("warn by a code of its own", () => {
    const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    createGrantText({ encryptionKeys: [today] }).decode(createGrantText().encode(grant, "here"), "here");
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/acceptUnsealed: true/), { code: "EXPRESS_AIRCALL_UNSEALED" }],
    ]);
    warn.mockRestore();
  });

  it("are not shown by an error", () => {
    expect(() => createGrantText({ encryptionKeys: ["s3cret"] })).not.toThrow("s3cret");
  });
});

describe("whose a kept grant is", () => {
  const text = createGrantText({ encryptionKeys: [today] });
  const unknown = { ...grant.account, id: null };

  it.each([
    ["an id", { app: "an-app-1", ref: null }, ["id:7"]],
    ["an id and a name of the app's own", { app: "an-app-1", ref: "a/b c" }, ["id:7", "ref:a%2Fb%20c"]],
    ["a name alone", { app: null, ref: "acme", account: unknown }, ["ref:acme"]],
    ["an id without an app", { app: null, ref: null }, ["id:7"]],
    ["neither", { app: "an-app-1", ref: null, account: unknown }, []],
  ])("is found by %s, sealed or not", (_what, given, companies) => {
    const one = { ...grant, ...given };
    const found = companies.map((company) => ({ app: given.app, company }));

    expect(givenBy(text.encode(one, "here"))).toEqual(found);
    expect(givenBy(createGrantText().encode(one, "here"))).toEqual(found);
    expect(givenByGrant(one)).toEqual(found);
  });

  it.each([
    ["7 sealed", [{ app: null, company: "id:7" }]],
    ["an-app-1/1234567890123456 sealed", [{ app: "an-app-1", company: "id:1234567890123456" }]],
    ["an-app-1/7/ref", []],
    ["an-app-12/7 sealed", []],
    ["x an-app-1/7 sealed", []],
    ["an-app-1/12345678901234567 sealed", []],
    ["an-app-1/x sealed", []],
    ["", []],
    ["{", []],
  ])("is read of %j as far as it is one", (kept, found) => {
    expect(givenBy(kept)).toEqual(found);
    expect(givenByGrant(null)).toEqual([]);
  });
});
