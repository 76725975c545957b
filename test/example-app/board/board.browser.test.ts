import type { Page } from "playwright-core";
import { lengthWords } from "../../../example-app/board/clock";
import { describeWith } from "../../support/programs";
import { openBoard, type OpenBoard } from "../board";
import { signInAtOnce, useChromium } from "../chromium";
import { watchShifts } from "../shifts";

describeWith("chromium", "the board that is left open", () => {
  const openPage = useChromium();

  async function openFull(options: Parameters<typeof openPage>[1] = {}) {
    const board = await openBoard(undefined, { callsPerDay: 20 });
    const page = await openPage(board.origin, options);
    await signInAtOnce(page, board.simulator, "/missed-calls");
    await page.locator(".caller").first().waitFor();
    return { ...board, page };
  }

  /** One that was missed just now, by a name of their own. */
  async function missOne({ simulator }: Pick<OpenBoard, "simulator">, digits: string): Promise<void> {
    await simulator.playCall({ outcome: "missed", call: { raw_digits: digits, contact: null } });
  }

  it("shows a missed call, a take and a call-back to another browser while both look", async () => {
    const { page, simulator, origin } = await openFull();
    const other = await openPage(origin);
    await signInAtOnce(other, simulator, "/missed-calls");
    await other.getByText(/^Live/).waitFor();
    await missOne({ simulator }, "+44 7700 900999");
    const row = other.locator("#caller-447700900999");
    await row.waitFor();

    await page.getByRole("button", { name: "Take +44 7700 900999" }).click();
    await takeAsFirst(page);
    await row.getByText(/^With .* since/).waitFor();
    await page.getByRole("button", { name: "Call back +44 7700 900999" }).click();
    await page.getByText("is in your dialer, ready to call.").waitFor();
    expect(simulator.dials).toHaveLength(1);

    simulator.addCalls([{ raw_digits: "+44 7700 900999", status: "answered" }]);
    await row.waitFor({ state: "detached" });
  });

  it("leaves focus, open menus and a voicemail alone while rows come and go", async () => {
    const { page, simulator } = await openFull();
    await page.getByText(/^Live/).waitFor();
    const first = page.locator(".caller").first();
    await first.locator(".menu summary").click();
    const focused = await focusOf(page);
    await missOne({ simulator }, "+44 7700 900998");
    await page.locator("#caller-447700900998").waitFor();
    expect(await first.locator(".menu").getAttribute("open")).toBe("");
    expect(await focusOf(page)).toBe(focused);
  });

  it("shows the whole menu of every row, and says that an undo was done", async () => {
    const { page } = await openFull({ viewport: { width: 1280, height: 500 } });
    await page.getByText(/^Live/).waitFor();
    const menus = page.locator(".caller .menu");
    for (const menu of await menus.all()) {
      await menu.locator("summary").click();
      await menu.getByRole("button", { name: "Another reason" }).waitFor();
      expect(await page.evaluate(menuIsSeen)).toBe(true);
      await menu.locator("summary").click();
    }
    expect(await menus.count()).toBeGreaterThan(4);

    const row = page.locator(".caller").first();
    const name = await row.locator(".name").textContent();
    await row.locator(".menu summary").click();
    await row.getByRole("button", { name: "Wrong number" }).click();
    await page.getByText(`${name} needs no call.`).waitFor();
    await page.getByRole("link", { name: /^Done/ }).click();
    await page.getByRole("button", { name: `Undo: ${name} waits again` }).click();
    await page.getByText(`${name} waits again.`).waitFor();
  });

  it("opens a menu above its row where there is no room below, and takes no double click for a choice", async () => {
    const { page } = await openFull({ viewport: { width: 1280, height: 700 } });
    await page.getByText(/^Live/).waitFor();
    const count = await page.locator(".caller").count();
    const summary = page.locator(".caller .menu summary").nth(count - 2);
    await summary.evaluate((element) => element.scrollIntoView({ block: "end" }));
    const scrolled = await page.evaluate("scrollY");
    const place = (await summary.boundingBox())!;
    await page.mouse.click(place.x + 5, place.y + 5);
    expect(await page.evaluate(menuIsSeen)).toBe(true);
    expect(await page.evaluate("scrollY")).toBe(scrolled);
    await page
      .getByRole("button", { name: "Wrong number" })
      .filter({ visible: true })
      .click({ clickCount: 2, delay: 20 });
    await page.getByText(/needs no call/).waitFor();

    await page.setViewportSize({ width: 1280, height: 300 });
    const small = page.locator(".caller .menu summary").nth(1);
    const { x, y } = (await small.boundingBox())!;
    await page.mouse.dblclick(x + 5, y + 5, { delay: 50 });
    await page.waitForLoadState("networkidle");
    expect(await page.locator(".caller").count()).toBe(count - 1);
  });

  it("goes on at the caller that was acted on, or at the next one, and says so within the window", async () => {
    const { page } = await openFull({ viewport: { width: 1280, height: 500 } });
    await page.getByText(/^Live/).waitFor();
    const names = await page.locator(".caller .name").allTextContents();
    await page.locator(".callback").nth(3).click();
    await page.getByRole("button", { name: "Send to their dialer" }).click();
    await page.getByText(/ready to call/).waitFor();
    expect(await focusOf(page)).toBe(names[3]);

    await page.locator(".caller .menu summary").nth(3).click();
    await page.getByRole("button", { name: "Wrong number" }).filter({ visible: true }).click();
    await page.getByText(`${names[3]} needs no call`).waitFor();
    expect(await focusOf(page)).toBe(names[4]);
    const { y } = (await page.locator(".notice").boundingBox())!;
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(100);
  });

  it("says what was done for half a minute", async () => {
    const { page } = await openFull();
    await page.clock.install();
    await page.reload();
    await page.getByText(/^Live/).waitFor();
    await page.locator(".callback").first().click();
    await page.getByRole("button", { name: "Send to their dialer" }).click();
    await page.locator(".notice").waitFor();
    await page.clock.fastForward("00:25");
    expect(await page.locator(".notice").isVisible()).toBe(true);
    await page.clock.fastForward("00:10");
    await page.locator(".notice").waitFor({ state: "detached" });
  });

  it("says how many somebody is on", async () => {
    const { page } = await openFull();
    await page.getByText(/^Live/).waitFor();
    await page
      .getByRole("button", { name: /^Take / })
      .first()
      .click();
    await takeAsFirst(page);
    await page.getByText("Somebody is on 1 of them.").waitFor();
  });

  it("weighs less than 60 KB with all that belongs to it", async () => {
    const { page, simulator } = await openFull();
    simulator.addCalls(Array.from({ length: 30 }, (_, index) => missedBy(`+44 7700 9001${10 + index}`)));
    await page.locator("#board-more a").waitFor();
    await page.goto("/missed-calls");
    await page.getByText(/^Live/).waitFor();
    const weights = await page.evaluate<number[]>(weightsOfPage);
    expect(weights.length).toBeGreaterThan(5);
    expect(weights.reduce((sum, bytes) => sum + bytes)).toBeLessThan(60_000);
  });

  it.each([1280, 390])(
    "shifts nothing at %i px as calls are missed and taken, callers leave, and Aircall fails",
    async (width) => {
      const { page, simulator, origin } = await openFull({ viewport: { width, height: 800 } });
      const other = await openPage(origin);
      await signInAtOnce(other, simulator, "/missed-calls");
      await page.getByText(/^Live/).waitFor();
      const first = page.locator(".caller").first();
      const [id, name] = [await first.getAttribute("id"), await first.locator(".name").textContent()];
      const shiftsSeen = await watchShifts(page);

      await missOne({ simulator }, "+44 7700 900996");
      await page.locator("#caller-447700900996").waitFor();
      simulator.addCalls(Array.from({ length: 110 }, (_, index) => missedBy(`+44 7700 901${100 + index}`)));
      await page.getByRole("heading", { name: /^1\d\d callers are waiting/ }).waitFor();
      await other.getByRole("button", { name: `Take ${name}` }).click();
      await takeAsFirst(other);
      await first.getByText(/^With .* since/).waitFor();
      await other.locator(`#${id} .menu summary`).click();
      await other.locator(`#${id}`).getByRole("button", { name: "Wrong number" }).click();
      await page.locator(`#${id}`).waitFor({ state: "detached" });
      const next = page.locator(".caller").first();
      const ours = await next.getAttribute("id");
      await next.locator(".menu summary").click();
      await next.getByRole("button", { name: "Wrong number" }).click();
      await page.locator(`#${ours}`).waitFor({ state: "detached" });
      await page.getByText(/needs no call\./).waitFor();
      const mend = simulator.fail({ match: { path: "/v1/calls/search" }, status: 503 });
      await other.evaluate(`fetch(document.querySelector(".caller .name").href)`);
      await page.getByText("Aircall cannot be reached since").waitFor();
      mend();
      await page.getByText(/^Live/).waitFor();

      expect(await shiftsSeen()).toEqual([]);
    },
  );

  it.each([1280, 390])("shifts nothing at %i px as ages grow", async (width) => {
    const { page } = await openFull({ viewport: { width, height: 800 } });
    await page.clock.install();
    await page.reload();
    await page.getByText(/^Live/).waitFor();
    const ages = page.locator(".age strong");
    const before = await ages.allTextContents();
    const shiftsSeen = await watchShifts(page);

    for (let minutes = 0; minutes < 300; minutes += 7) {
      await page.clock.fastForward("07:00");
      await shiftsSeen();
    }

    expect(await ages.allTextContents()).not.toEqual(before);
    expect(await shiftsSeen()).toEqual([]);
  });

  it("shows what changes while something slides, all together, and at once while nobody looks", async () => {
    const { page } = await openFull();
    await page.getByText(/^Live/).waitFor();
    expect(await page.evaluate<number[]>(changesWhileSliding)).toEqual([40, 41]);
  });

  it("says how long somebody waits as the server did", async () => {
    const { page } = await openFull();
    const lengths = [0, 59, 60, 3_599, 3_600, 3_660, 86_399, 86_400, 90_000, 172_800, 600_000];
    const said = await page.evaluate<string[]>(
      `import("/board/ages.js").then(({ lengthWords }) => ${JSON.stringify(lengths)}.map(lengthWords))`,
    );
    expect(said).toEqual(lengths.map(lengthWords));
    expect(said).toContain("1 day");
  });

  it("marks as time goes by who waits too long, and nobody while nobody is there", async () => {
    const { page, simulator } = await openFull();
    await page.clock.install();
    await page.reload();
    await page.getByText(/^Live/).waitFor();
    await missOne({ simulator }, "+44 7700 900995");
    const row = page.locator("#caller-447700900995");
    await row.waitFor();
    await page.clock.fastForward("30:00");
    expect(await row.getByText("overdue").isVisible()).toBe(false);
    await page.clock.fastForward("35:00");
    expect(await row.getByText("overdue").isVisible()).toBe(true);

    await page.goto("/settings");
    await page.getByLabel("These, by the clock of each line:").check();
    for (const field of await page.locator("input[type=time]").all()) await field.fill("");
    await page.getByRole("button", { name: "Save settings" }).click();
    await page.goto("/missed-calls");
    await page.clock.fastForward("05:00:00");
    expect(await page.locator(".caller").count()).toBeGreaterThan(1);
    expect(await page.getByText("overdue").filter({ visible: true }).count()).toBe(0);
  });

  it("goes on at the callers after one was sent, and says of a search what was found", async () => {
    const { page } = await openFull();
    await page.getByText(/^Live/).waitFor();
    await page.locator(".callback").first().click();
    await page.getByRole("button", { name: "Send to their dialer" }).click();
    await page.getByText(/ready to call/).waitFor();
    expect(await page.locator(".caller .name").first().textContent()).toBe(await focusOf(page));
    await page.getByLabel("Search").fill("nobody is called that");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByRole("heading", { name: "None of these is waiting" }).waitFor();
  });

  it("is gone through by keys", async () => {
    const { page } = await openFull();
    await page.getByText(/^Live/).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    expect(await focusOf(page)).toBe("q");
    await page.keyboard.press("Tab");
    await page.locator("body").click({ position: { x: 1, y: 1 } });
    for (const key of ["j", "j", "k", "c"]) await page.keyboard.press(key);
    await page.getByRole("heading", { name: /back\?$/ }).waitFor();
    expect(await focusOf(page)).toBe("agent");
  });

  it("is worked with by keys alone up to sent calls, and always shows where one is", async () => {
    const { page, simulator } = await openFull();
    await page.getByText(/^Live/).waitFor();
    const lost: string[] = [];
    const press = async (...keys: string[]) => {
      for (const key of keys) {
        await page.keyboard.press(key);
        if (!(await page.evaluate(focusIsSeen))) lost.push(`${await focusOf(page)} after ${key}`);
      }
    };
    await press("Tab", "Tab", "j");
    await page.keyboard.press("c");
    await page.getByRole("heading", { name: /back\?$/ }).waitFor();
    await press("ArrowDown", "Tab", "Space", "Tab");
    await page.keyboard.press("Enter");
    await page.getByText(/ready to call/).waitFor();
    await press("j", "Tab");
    await page.keyboard.press("Enter");
    await page
      .getByText(/^With .* since/)
      .nth(1)
      .waitFor();
    await press("Tab", "Tab", "Enter", "Tab", "Escape");
    expect(lost).toEqual([]);
    expect(new Set(simulator.dials.map(({ to }) => to)).size).toBe(2);
  });

  it("says plainly that it is not live, and comes back by itself", async () => {
    const { page, simulator } = await openFull();
    await page.getByText(/^Live/).waitFor();
    await page.route(/\/live\?/, (route) => route.abort());
    await page.reload();
    await page.getByText(/^Not live since/).waitFor();
    await missOne({ simulator }, "+44 7700 900997");
    await page.unroute(/\/live\?/);
    await page.getByText(/^Live/).waitFor();
    await page.locator("#caller-447700900997").waitFor();
  });

  it("does not call itself live while Aircall cannot be reached", async () => {
    const { page, simulator } = await openFull();
    await page.getByText(/^Live/).waitFor();
    const mend = simulator.fail({ match: { path: "/v1/calls/search" }, status: 503 });
    await page.evaluate(`fetch(document.querySelector(".caller .name").href)`);
    await page.getByText("Aircall cannot be reached since").waitFor();
    await page.getByText("Not live until Aircall is back.").waitFor();
    mend();
    await page.getByText(/^Live/).waitFor();
  });

  it("is taken, done and undone without JavaScript", async () => {
    const { page } = await openFull({ javaScriptEnabled: false });
    await page
      .getByRole("button", { name: /^Take / })
      .first()
      .click();
    await takeAsFirst(page);
    await page.getByText(/^With .* since/).waitFor();
    await page.locator(".menu summary").first().click();
    await page.getByRole("button", { name: "Wrong number" }).first().click();
    await page.getByText(/needs no call/).waitFor();
    await page.getByRole("link", { name: /^Done/ }).click();
    await page.getByRole("button", { name: /^Undo/ }).click();
    await page.getByRole("link", { name: "Done 0" }).waitFor();
  });
});

/** Says to be the first of the agents. */
async function takeAsFirst(page: Page): Promise<void> {
  await page.getByLabel("You are").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Take", exact: true }).click();
}

function missedBy(digits: string) {
  return { raw_digits: digits, contact: null, missed_call_reason: "agents_did_not_answer" } as const;
}

/** In bytes, as they came. */
const weightsOfPage = `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter(({ name }) => !name.includes("/live?")).map(({ transferSize }) => transferSize)`;

/**
 * How many of 40 changes were made as the second is, and one more in the midst of the slide of a page that is hidden,
 * where no frame comes.
 */
const changesWhileSliding = `import("/slide.js").then(async ({ slideAfter }) => {
  const list = document.getElementById("board-rows");
  const made = [];
  let count = 0;
  const change = () => {
    count += 1;
    list.append(list.firstElementChild);
  };
  const [, second] = Array.from({ length: 40 }, () => slideAfter(change));
  await second;
  made.push(count);
  Object.defineProperty(document, "hidden", { value: true });
  globalThis.requestAnimationFrame = () => 0;
  document.dispatchEvent(new Event("visibilitychange"));
  await slideAfter(change);
  made.push(count);
  return made;
})`;

/** Whether the open menu is within the window, to the pixel, two frames after it was opened. */
const menuIsSeen = `(async () => {
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  const { top, bottom } = document.querySelector(".menu[open] div").getBoundingClientRect();
  return top >= 0 && bottom < innerHeight + 1;
})()`;

/** Whether one sees what has the focus: marked, and within the window. */
const focusIsSeen = `(() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  const { top, bottom } = document.activeElement.getBoundingClientRect();
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && top >= 0 && bottom <= innerHeight;
})()`;

/** What has the focus, by its id or its name. */
function focusOf(page: Page): Promise<string> {
  return page.evaluate<string>(
    "document.activeElement.id || document.activeElement.getAttribute('aria-label') || document.activeElement.textContent",
  );
}
