import type { Page } from "playwright-core";
import { callOf, keyOf, others, otherSends, unseen, type State } from "./stage";

/** On the board itself, one after the other. */
export const boardStates: readonly State[] = [
  { name: "waiting, some overdue, more than are shown", reach: ({ page }) => page.goto("/missed-calls") },
  { name: "help with the keys", live: true, reach: ({ page }) => page.keyboard.press("?") },
  {
    name: "the menu of a row",
    reach: ({ page }) => page.goto("/missed-calls").then(() => page.locator(".menu summary").first().click()),
  },
  { name: "who are you", reach: ({ page }) => search(page, unseen).then(() => press(page, "Take", unseen)) },
  {
    name: "taken by me",
    async reach({ page }) {
      await page.getByLabel("You are").selectOption({ index: 1 });
      await page.getByRole("button", { name: "Take", exact: true }).click();
      await page.getByText(/^With .* since/).waitFor();
    },
  },
  {
    name: "let somebody else call",
    async reach({ page }) {
      await page.locator(".menu summary").first().click();
      await page.getByRole("button", { name: "Let somebody else call" }).click();
      await page.getByLabel("Send the number to").waitFor();
    },
  },
  {
    name: "that somebody cannot take a call",
    async reach({ page, simulator }) {
      const leaving = simulator.companies[0].users.find(({ available }) => available)!;
      await page.getByLabel("Send the number to").selectOption(String(leaving.id));
      leaving.available = false;
      await page.getByRole("button", { name: "Send to their dialer" }).click();
      await page.getByText(/Already with|cannot take a call right now/).waitFor();
      leaving.available = true;
    },
  },
  {
    name: "sent to a dialer",
    async reach({ page }) {
      await search(page, unseen);
      await press(page, "Call back", unseen);
      await page.getByText(/ready to call/).waitFor();
    },
  },
  {
    name: "taken by somebody else",
    async reach(stage) {
      const { id } = stage.simulator.companies[0].users.findLast(({ available }) => available)!;
      await otherSends(stage, "take", { caller: keyOf(others), agent: id });
      await search(stage.page, others);
      await stage.page.getByText(/^With .* since/).waitFor();
    },
  },
  {
    name: "the warning before a second send",
    async reach({ page }) {
      await press(page, "Call back", others);
      await page.getByRole("heading", { name: /^Already with/ }).waitFor();
    },
  },
  {
    name: "tried, with attempts and a voicemail open",
    async reach({ page }) {
      await page.goto("/missed-calls?show=tried");
      await page.locator(".voicemail summary").first().click();
    },
  },
  { name: "withheld", reach: ({ page }) => page.goto("/missed-calls?show=withheld") },
  { name: "reached", reach: ({ page }) => page.goto("/missed-calls?show=reached&rows=45") },
  {
    name: "needs no call",
    async reach({ page }) {
      await search(page, others);
      await page.locator(".menu summary").first().click();
      await page.getByRole("button", { name: "Sales call or spam" }).click();
      await page.getByText(/needs no call/).waitFor();
    },
  },
  { name: "done, with a reason and undo", reach: ({ page }) => page.goto("/missed-calls?show=done") },
  { name: "nobody found", reach: ({ page }) => page.goto("/missed-calls?q=nobody") },
  {
    name: "gone meanwhile",
    async reach({ page }) {
      await page.goto("/missed-calls");
      await page
        .locator("[form=act]")
        .first()
        .evaluate((button) => button.setAttribute("value", "+10000000"));
      await page.locator("[form=act]").first().click();
      await page.getByText("on the board no longer").waitFor();
    },
  },
  {
    name: "shown live in another tab",
    live: true,
    async reach({ page }) {
      await page.goto("/missed-calls");
      await page.getByText(/^Live/).waitFor();
      await page.evaluate(`new BroadcastChannel("missed-call-board board").postMessage("live")`);
      await page.getByRole("button", { name: "Show it live here" }).waitFor();
    },
  },
  {
    name: "not live",
    live: true,
    async reach({ page }) {
      await page.route(/\/live\?/, (route) => route.abort());
      await page.reload();
      await page.getByText(/^Not live since/).waitFor();
    },
    leave: ({ page }) => page.unroute(/\/live\?/),
  },
  {
    name: "Aircall away: the last good board, and since when",
    async reach(stage) {
      stage.simulator.fail({ status: 503 });
      await stage.browser.visit(`/calls/${callOf(stage, unseen)}`);
      await stage.page.goto("/missed-calls");
      await stage.page.getByText("Aircall cannot be reached since").waitFor();
    },
    leave: ({ simulator }) => simulator.clearFaults(),
  },
];

async function search(page: Page, digits: string): Promise<void> {
  await page.goto(`/missed-calls?q=${encodeURIComponent(keyOf(digits))}`);
}

async function press(page: Page, act: string, digits: string): Promise<void> {
  await page.getByRole("button", { name: `${act} ${digits}` }).click();
}
