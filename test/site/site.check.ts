import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../package/pack";

const site = join(__dirname, "../../site");

/** What `site/check.mjs` finds, as it is built now. */
async function faultsIn(what: "links" | "exports" | "search"): Promise<string> {
  return run(process.execPath, [join(site, "check.mjs"), what], site).then(
    () => "",
    (error: Error) => error.message,
  );
}

describe("the site", () => {
  beforeAll(async () => {
    await run("npm", ["ci", "--no-audit", "--no-fund"], site);
    // Typedoc fails on a type without a page, VitePress on a link to a page that is not there.
    await run("npm", ["run", "pages"], site);
  }, 300_000);

  it("has no link and no anchor that leads nowhere", async () => {
    expect(await faultsIn("links")).toBe("");
  });

  it("has a page for every export", async () => {
    expect(await faultsIn("exports")).toBe("");
  });

  it("is searched without a server, every page of it", async () => {
    expect(await faultsIn("search")).toBe("");
  });

  it("would be told of a link and an anchor that lead nowhere", async () => {
    const page = join(site, ".vitepress/dist/planted.html");
    writeFileSync(
      page,
      '<a href="/errors#no-such-anchor">one</a> <a href="/no-such-page">other</a> <a href="/errors">good</a>',
    );
    try {
      const faults = await faultsIn("links");
      expect(faults).toContain("planted.html: /errors#no-such-anchor");
      expect(faults).toContain("planted.html: /no-such-page");
      expect(faults).toContain("2 faults");
    } finally {
      rmSync(page);
    }
  });
});
