import session = require("express-session");
import { ConfigError } from "../../src/errors/errors";
import { createGrantText, givenBy } from "../../src/grants/encryption";
import { sessionGrants } from "../../src/grants/stores/session";
import { everyBitOf } from "../support/bits";
import { newGrant } from "../support/grants";
import { describeGrantStore } from "./stores/contract";

const [today, yesterday] = ["today's key, of 32 characters....", "yesterday's key, of 32 characters"];
const grant = { ...newGrant({ app: "an-app-1" }), version: 1 };

describeGrantStore("sessionGrants, sealed", (now) => ({
  store: sessionGrants(new session.MemoryStore(), { now, encryptionKeys: [today] }),
}));

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
    expect(warnings).toEqual([expect.stringMatching(/acceptUnsealed: true.*mount it first/s)]);
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

  it("are not shown by an error", () => {
    expect(() => createGrantText({ encryptionKeys: ["s3cret"] })).not.toThrow("s3cret");
  });
});

describe("sessionGrants with encryptionKeys", () => {
  /** The app's session store, and the text under each key in it. */
  function sessionsAndTexts() {
    const sessions = new session.MemoryStore();
    return { sessions, texts: (sessions as unknown as { sessions: Record<string, string> }).sessions };
  }

  it("believes a grant that was kept without where it is told to, and seals it at its next write", async () => {
    const { sessions, texts } = sessionsAndTexts();
    const id = await sessionGrants(sessions).create(newGrant(), 60_000);
    expect(texts[`ac_${id}`]).toContain("access-0");

    expect(await sessionGrants(sessions, { encryptionKeys: [today] }).get(id)).toBeNull();
    const sealed = sessionGrants(sessions, { encryptionKeys: [today], acceptUnsealed: true });
    expect(await sealed.get(id)).toEqual({ ...newGrant(), version: 1 });
    await sealed.replace(id, 1, newGrant());

    expect(texts[`ac_${id}`]).not.toContain("access-0");
    expect(await sealed.get(id)).toMatchObject({ version: 2 });
  });

  it("reads no record that was copied to another id or changed by one bit", async () => {
    const { sessions, texts } = sessionsAndTexts();
    const store = sessionGrants(sessions, { encryptionKeys: [today] });
    const [id, other] = [await store.create(newGrant(), 60_000), await store.create(newGrant(), 60_000)];
    const document = texts[`ac_${id}`]!;
    const record = document.slice(document.indexOf('"aircall"'));

    texts[`ac_${other}`] = document;
    expect(await store.get(other)).toBeNull();
    for (const flipped of everyBitOf(record)) {
      texts[`ac_${id}`] = document.replace(record, () => flipped);
      expect(await store.get(id)).toBeNull();
    }
  });
});
