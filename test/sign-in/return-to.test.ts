import fc from "fast-check";
import { aircallAuth } from "express-aircall";
import { safeReturnTo } from "../../src/sign-in/return-to";
import { useSignInApps } from "../support/apps/sign-in-app";
import { returnToPayloads } from "./return-to-payloads";

const start = useSignInApps();
const origin = "https://app.example";

describe("safeReturnTo", () => {
  it.each([
    ["/", "/"],
    ["/reports?week=47&q=a%20b#top", "/reports?week=47&q=a%20b#top"],
    ["/a/../b/./c", "/b/c"],
    ["/café", "/caf%C3%A9"],
    ["/search?next=https://evil.example", "/search?next=https://evil.example"],
    ["//app.example/x", "/x"],
  ])("lets someone back to %s", (wanted, path) => {
    expect(safeReturnTo(wanted, origin)).toBe(origin + path);
  });

  it.each([
    ["nothing", undefined],
    ["a repeated parameter", ["/one", "/two"]],
    ["an object", { path: "/x" }],
    ["an empty text", ""],
    ["a relative path", "reports"],
    ["another origin", "https://evil.example/"],
    ["this origin in full", "https://app.example/x"],
    ["another port", "//app.example:8443/x"],
    ["someone's name at this host", "//ada@app.example/x"],
    ["a path whose shortest form names a host", "/.//evil.example"],
    ["the same by the way up", "/x/..//evil.example"],
    ["a backslash in the query", "/x?\\"],
    ["an address too long for its cookie", `/${"a".repeat(800)}`],
    ["one that grows too long when encoded", `/${"中".repeat(100)}`],
  ])("lets nobody to %s", (_what, wanted) => {
    expect(safeReturnTo(wanted, origin)).toBeNull();
  });

  it("lets someone back to an address of 800 characters, and of no more", () => {
    const path = `/${"a".repeat(800 - origin.length - 1)}`;
    expect([path, `${path}a`].map((wanted) => safeReturnTo(wanted, origin))).toEqual([origin + path, null]);
  });

  it("answers nothing but a short address on this origin, in whatever way it is read", () => {
    const piece = fc.oneof(
      fc.constantFrom("/", "\\", ".", "..", "//", "@", ":", "?", "#", "%2f", "\t", "\r\n", "evil.example"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const answer = safeReturnTo(`/${pieces.join("")}`, origin);
        if (answer === null) return;
        const url = new URL(answer);
        expect([url.origin, url.username, url.href]).toEqual([origin, "", answer]);
        expect(new URL(url.pathname + url.search, "https://other.example").origin).toBe("https://other.example");
        expect(answer.length).toBeLessThanOrEqual(800);
        expect(answer).toMatch(/^[\x21-\x7e]+$/);
        expect(safeReturnTo(answer.slice(origin.length), origin)).toBe(answer);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("return_to in a real sign-in", () => {
  it("ends on this site for each of more than 200 payloads", async () => {
    const app = await start((express, settings) => {
      express.use(aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH", skipUserProfile: true }));
    });
    const payloads = returnToPayloads(app.origin);
    const strayed: string[] = [];
    const ends = new Set<string>();

    const visitor = app.visitor();
    for (const payload of payloads) {
      const { status, location } = await app.signIn(visitor, `/auth/aircall?return_to=${encode(payload)}`);
      ends.add(location);
      const arrivedAt = new URL(location, "https://evil.example/");
      if (status !== 302 || arrivedAt.origin !== app.origin || /^\/\/|\\/.test(arrivedAt.pathname))
        strayed.push(payload);
    }

    expect(payloads.length).toBeGreaterThan(200);
    expect(strayed).toEqual([]);
    expect(ends).toContain(`${app.origin}/x?y=//evil.example`);
  });
});

/** As a query carries it, lone surrogates too. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
