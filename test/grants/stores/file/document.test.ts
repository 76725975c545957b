import { createSeal } from "../../../../src/grants/seal";
import { createGrantDocuments, type GrantDocument } from "../../../../src/grants/stores/file/document";
import { createClock, newGrant } from "../../../support/grants";

const lifeMs = 60_000;
const heading = "express-aircall grants, sealed\n";
const [today, yesterday] = ["today's key, of 32 characters....", "yesterday's key, of 32 characters"].map((key) =>
  createSeal(key, "file of grants"),
) as [ReturnType<typeof createSeal>, ReturnType<typeof createSeal>];

describe("the text of a file of grants", () => {
  function start(...seals: [typeof today, ...(typeof today)[]]) {
    const clock = createClock();
    const documents = createGrantDocuments({ path: "the/file", seals, now: clock.now });
    return {
      clock,
      read: (text: string | null) => documents.read(text),
      write: (document: GrantDocument, former: string | null) => documents.write(document, former),
    };
  }

  it("holds grants and their links, claims, outcomes and records, each for as long as it lives", () => {
    const { clock, read, write } = start(today);
    const document = read(null);
    const id = document.grants.create(newGrant(), lifeMs, "a");
    document.grants.link(id, "b", lifeMs / 2);
    document.claims.claim("ours", "me", lifeMs);
    document.claims.settle("granted", { grantId: id }, lifeMs);
    document.claims.settle("refused", { error: "access_denied" }, lifeMs);
    const version = document.records.kind("marks").put("k", "v", { version: null, lifeMs });
    const other = document.records.kind("others").put("k", "w", { version: null, lifeMs });
    const text = write(document, null)!;

    const again = read(text);
    expect(again.grants.get(id, "a")).toEqual({ ...newGrant(), version: 1 });
    expect(again.grants.get(id, "b")).not.toBeNull();
    expect(again.grants.get(id, "c")).toBeNull();
    clock.pass(1_000);
    expect(again.claims.claim("ours", "somebody", lifeMs)).toEqual({ ours: false, ageMs: 1_000 });
    expect(again.claims.renew("ours", "me", lifeMs - 1_000)).toBe(true);
    expect(again.claims.outcome("granted")).toEqual({ grantId: id });
    expect(again.claims.outcome("refused")).toEqual({ error: "access_denied" });
    expect(again.records.kind("marks").get("k")).toEqual({ key: "k", value: "v", version });
    expect(again.records.kind("others").get("k")).toEqual({ key: "k", value: "w", version: other });

    clock.pass(lifeMs - 1_000);
    expect(again.grants.get(id, "a")).not.toBeNull();
    expect(again.grants.get(id, "b")).toBeNull();
    expect(again.claims.claim("ours", "somebody", lifeMs)).toMatchObject({ ours: true });
    expect(again.claims.outcome("granted")).toBeNull();
    expect(again.records.kind("marks").get("k")).toBeNull();
    clock.pass(lifeMs);
    expect(again.grants.get(id)).toBeNull();
  });

  it("is written only where something else is to be kept", () => {
    const { read, write } = start(today);
    expect(write(read(null), null)).toBeNull();
    const document = read(null);
    document.claims.claim("a", "me", lifeMs);
    const text = write(document, null)!;
    expect(write(read(text), text)).toBeNull();
    expect(write(read(null), text)).not.toBeNull();
  });

  it("is one line under its heading, and opens without the end of that line, or with another", () => {
    const { read, write } = start(today);
    const document = read(null);
    const id = document.grants.create(newGrant(), lifeMs);
    const text = write(document, null)!;
    expect(text.startsWith(heading)).toBe(true);
    expect(text.slice(heading.length)).toMatch(/^[\w-]+\n$/);
    for (const kept of [text.trimEnd(), `${text.trimEnd()}\r\n`]) expect(read(kept).grants.get(id)).not.toBeNull();
  });

  it("opens with any of the keys, is sealed with the first, and with no key of another use", () => {
    const former = start(yesterday);
    const document = former.read(null);
    const id = document.grants.create(newGrant(), lifeMs);
    const text = former.write(document, null)!;

    const both = start(today, yesterday);
    const read = both.read(text);
    expect(read.grants.get(id)).not.toBeNull();
    read.claims.claim("a", "me", lifeMs);
    const next = both.write(read, text)!;
    expect(start(today).read(next).grants.get(id)).not.toBeNull();
    expect(() => start(today).read(text)).toThrow(
      "the/file cannot be opened: its grants are sealed with other keys. Set the encryptionKeys or the client secret " +
        "that they were kept with, or delete the file and sign in again.",
    );
    expect(() => start(today).read(`${heading}${today.close("{}", "another use")}\n`)).toThrow("cannot be opened");
  });

  it.each(["", "my notes", ` ${heading}`, heading.trim()])("is none in %j, which is left as it is", (text) => {
    const refusal = "the/file holds something else than grants, and is left as it is. Name another file.";
    expect(() => start(today).read(text)).toThrow(refusal);
  });

  it("may lack what an older version did not keep", () => {
    const { grants, claims, records } = start(today).read(`${heading}${today.close("{}", "grants 1")}\n`);
    expect([...grants.entries(), ...claims.claims(), ...claims.outcomes(), ...records.entries()]).toEqual([]);
  });
});
