import { memoryGrants } from "express-aircall";
import type { Page } from "playwright-core";
import { describeWith } from "../support/programs";
import { heardCall, openBoard } from "./board";
import { comment, noticeOn, openCall, signIn, signInAtOnce, useChromium } from "./chromium";

describeWith("chromium", "the board in a browser", () => {
  const openPage = useChromium();

  it("can be used with the keyboard alone, every control visibly focused and in order", async () => {
    const { origin } = await openBoard();
    const page = await openPage(origin);
    await page.goto("/");
    expect(await tab(page, 3)).toEqual(["Skip to the content", "Missed-call board", "Connect Aircall"]);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Authorize" }).waitFor();
    await tab(page, 2);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /waiting$/ }).waitFor();

    await page.locator(".caller").first().waitFor();
    const tabs = ["Waiting", "Called, no answer", "No number", "Reached", "Done"];
    expect(await tab(page, 15)).toEqual([
      ...["Skip to the content", "Missed-call board", "Board", "The day", "Settings"],
      ...tabs.map((name) => expect.stringMatching(new RegExp(`^${name} \\d+$`)) as unknown),
      ...["Search", "Line", "Team", "Agent", "Show"],
    ]);
    const [caller, ...acts] = await tab(page, 4);
    expect([caller, acts]).toEqual([expect.stringMatching(/\w/), ["Call back", "Take", "More"]]);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByLabel("Add a comment").waitFor();

    await page.getByRole("link", { name: "Add a tag" }).focus();
    const controls = ["Archive this call", "Who calls back?", "Send to their dialer", "Add a comment", "Save comment"];
    expect(await tab(page, 5)).toEqual(controls);
  });

  it("skips to the content at the first stop", async () => {
    const { origin } = await openBoard();
    const page = await openPage(origin);
    await page.goto("/");
    await tab(page, 1);
    await page.keyboard.press("Enter");
    expect(await tab(page, 1)).toEqual(["Connect Aircall"]);
  });

  it("tells who said no at Aircall that nothing was connected", async () => {
    const { origin } = await openBoard();
    const page = await openPage(origin);
    await page.goto("/auth/aircall");
    await page.getByRole("button", { name: "Deny" }).click();
    expect(await page.getByRole("heading").textContent()).toBe("Nothing was connected");
    expect(new URL(page.url()).origin).toBe(origin);
  });

  it("works without JavaScript", async () => {
    const { origin, simulator } = await openBoard();
    const page = await openPage(origin, { javaScriptEnabled: false });
    await signIn(page);
    await openCall(page);
    await comment(page, "No script needed.");
    await page.getByText("No script needed.").waitFor();
    await page.getByLabel("Who calls back?").selectOption({ label: "Grace Okafor, free" });
    await page.getByRole("button", { name: "Send to their dialer" }).click();
    expect(await noticeOn(page)).toContain("is in their dialer");
    expect(simulator.dials).toHaveLength(1);
  });

  it("connects a company by API key, by keyboard and without JavaScript", async () => {
    const { origin, simulator } = await openBoard(undefined, {}, { keys: memoryGrants() });
    const page = await openPage(origin, { javaScriptEnabled: false });
    const { name, apiId, apiToken } = simulator.companies[1];
    await page.goto("/");
    await typeKey(page, [apiId, "mistyped"]);
    expect(await page.getByRole("alert").textContent()).toContain("Aircall does not know this key.");
    expect(await page.getByLabel("API ID").inputValue()).toBe("");
    expect(await page.locator("#api-id:focus").count()).toBe(1);
    expect(await page.getByLabel("API token").getAttribute("type")).toBe("password");

    await typeKey(page, [apiId, apiToken]);
    expect(await noticeOn(page)).toBe(`Connected to ${name}.`);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("I want that").check();
    await page.getByRole("button", { name: /^Disconnect / }).click();
    await page.getByRole("button", { name: "Connect with this key" }).waitFor();
  });

  it("plays a voicemail, and lets who listens go on from elsewhere", async () => {
    const { origin, simulator } = await openBoard(undefined, { assetBytes: 8_000 * 60 });
    const page = await openPage(origin);
    const call = heardCall({ simulator }, "voicemail");
    await signInAtOnce(page, simulator, `/calls/${call.id}`);
    const player = page.getByLabel("Voicemail", { exact: true });
    expect(await player.evaluate(play, 0)).toBeGreaterThan(0);
    expect(await player.evaluate(play, 45)).toBeGreaterThan(45);

    await page.setViewportSize({ width: 360, height: 740 });
    expect(await player.evaluate(({ clientWidth, parentElement }) => clientWidth / parentElement!.clientWidth)).toBe(1);
  });

  it("fits a window of a phone and one of a desk", async () => {
    const { origin, simulator } = await openBoard(undefined, {}, { keys: memoryGrants() });
    const page = await openPage(origin);
    const tooWide: string[] = [];
    const measure = async () => {
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 740 });
        await page.waitForLoadState("load");
        const fits = await page.evaluate("document.documentElement.scrollWidth <= innerWidth");
        if (!fits) tooWide.push(`${page.url()} at ${width} pixels`);
      }
    };
    await page.goto("/");
    await measure();
    await signInAtOnce(page, simulator, "/missed-calls?show=reached");
    await page.getByRole("heading", { name: /waiting$/ }).waitFor();
    await measure();
    await openCall(page);
    await comment(page, "W".repeat(300));
    await page.getByRole("listitem").getByText("W".repeat(300)).waitFor();
    await measure();
    await page.goto("/nothing");
    await measure();
    expect(tooWide).toEqual([]);
  });
});

/** Goes through the form with the keyboard alone, from the link before it. */
async function typeKey(page: Page, [apiId, apiToken]: [string, string]): Promise<void> {
  await page.getByRole("link", { name: "Connect Aircall" }).focus();
  for (const text of [apiId, apiToken]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
  await page.waitForLoadState("load");
}

/** Presses Tab so often; answers the names of what had the focus. Every stop must show that it has it. */
async function tab(page: Page, times: number): Promise<string[]> {
  const names: string[] = [];
  for (let pressed = 0; pressed < times; pressed++) {
    await page.keyboard.press("Tab");
    const [name, outline] = await page.evaluate<[string, string]>(focused);
    names.push(outline === "none" ? `${name}, not visibly focused` : name);
  }
  return names;
}

const focused = `(({ labels, textContent }) => [
  (labels?.[0]?.textContent ?? textContent).trim().replace(/\\s+/g, " "),
  getComputedStyle(document.activeElement).outlineStyle,
])(document.activeElement)`;

/** Plays from there; answers where it is, in seconds, when it has gone on from there. */
function play(player: Element, from: number): Promise<number> {
  const audio = player as HTMLAudioElement;
  audio.muted = true;
  audio.currentTime = from;
  return new Promise((resolve, reject) => {
    audio.addEventListener("timeupdate", () => audio.currentTime > from && resolve(audio.currentTime));
    audio.play().catch(reject);
  });
}
