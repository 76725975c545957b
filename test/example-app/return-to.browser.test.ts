import { describeWith } from "../support/programs";
import { openBoard } from "./board";
import { signInAtOnce, useChromium } from "./chromium";

/** Each leads, or once led in some browser or library, to another site when it is taken for a path of this one. */
const hostile = [
  "//evil.example",
  "///evil.example",
  "////evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r\n/evil.example",
  "/\r\nLocation: https://evil.example",
  "\t//evil.example",
  "/.//evil.example",
  "/x/..//evil.example",
  "/%2e//evil.example",
  "/%2F/evil.example",
  "https:evil.example",
  "https:///evil.example",
  "https://localhost@evil.example",
  "//localhost:80@evil.example",
  "javascript:location='https://evil.example'",
];

describeWith("chromium", "return-to in a browser", () => {
  const openPage = useChromium();

  /** Signs in once for each; answers where the visitor ended, and which other sites were asked for anything. */
  async function signInWanting(wishes: readonly string[]) {
    const { origin, simulator } = await openBoard(undefined, { kind: true, callsPerDay: 0, rateLimit: 1_000 });
    const page = await openPage(origin);
    const foreign: string[] = [];
    const ended: string[] = [];
    page.on("request", (request) => {
      const url = request.url();
      if (![origin, simulator.url].includes(new URL(url).origin)) foreign.push(url);
    });
    for (const wish of wishes) {
      // Fails when another site is asked for, which cannot be reached.
      await signInAtOnce(page, simulator, wish).catch(() => null);
      ended.push(page.url().replace(origin, ""));
      if (foreign.length > 0) break;
    }
    return { ended, foreign };
  }

  it("never leads to another site", async () => {
    const { ended, foreign } = await signInWanting(hostile);
    expect(foreign).toEqual([]);
    expect(ended.filter((address) => !address.startsWith("/"))).toEqual([]);
    expect(ended).toHaveLength(20);
  });

  it("leads to the page that was wanted", async () => {
    const page = "/missed-calls?show=tried";
    expect(await signInWanting([page])).toEqual({ ended: [page], foreign: [] });
  });
});
