import { connect } from "../board";
import { signInAtOnce } from "../chromium";
import type { State } from "./stage";

/** The day at a glance, the settings, and how a connection ends. */
export const otherStates: readonly State[] = [
  { name: "today", reach: ({ page }) => page.goto("/glance") },
  { name: "the week, with every table", reach: ({ page }) => page.goto("/glance?day=week&sheet") },
  {
    name: "the week, after long waits",
    async reach({ page }) {
      await page.goto("/glance?day=week");
      await page.evaluate(longWaits);
    },
  },
  {
    name: "another day, of one line",
    async reach({ page }) {
      await page.locator(".days a").nth(3).click();
      await page.getByLabel("Line", { exact: true }).selectOption({ index: 1 });
      await page.getByRole("button", { name: "Show" }).click();
    },
  },
  { name: "settings", reach: ({ page }) => page.goto("/settings") },
  {
    name: "settings with faults",
    async reach({ page }) {
      await page.getByLabel("Callers are overdue after").fill("soon");
      for (const box of await page.locator("[name=line]").all()) await box.uncheck();
      await page.getByLabel("These, by the clock of each line").check();
      await page.getByLabel("Monday to").fill("");
      await page.getByRole("button", { name: "Save settings" }).click();
      await page.getByText("A whole number from").waitFor();
    },
  },
  {
    name: "not sure about disconnecting",
    async reach({ page }) {
      await page.getByLabel("I want that").evaluate((box) => box.removeAttribute("required"));
      await page.getByRole("button", { name: /^Disconnect / }).click();
      await page.getByText("Tick the box").waitFor();
    },
  },
  {
    name: "several companies",
    async reach({ page, simulator }) {
      const params = { add: "1", return_to: "/settings" };
      const headers = { Accept: "text/html", "Sec-Fetch-Mode": "navigate" };
      const sent = await page.request.get("/auth/aircall", { params, headers, maxRedirects: 0 });
      const companyId = simulator.companies[1].id;
      await page.goto(simulator.consent(sent.headers()["location"] ?? "", { companyId }));
      await page.getByRole("button", { name: /^Show / }).waitFor();
    },
  },
  {
    name: "the other company's board",
    async reach({ page }) {
      await page.getByRole("button", { name: /^Show / }).click();
      await page.waitForURL(/missed-calls/);
    },
  },
  { name: "no such page", reach: ({ page }) => page.goto("/nothing") },
  {
    name: "denied at Aircall",
    async reach({ page, simulator }) {
      await page.goto("/auth/aircall?add=1");
      await page.goto(simulator.consent(page.url(), { deny: true }));
      await page.getByRole("heading", { name: "Nothing was connected" }).waitFor();
    },
  },
  {
    name: "refused for now",
    async reach(stage) {
      const { page, simulator } = stage;
      simulator.fail({ status: 403, body: { error: "Forbidden", troubleshoot: "Access is denied." } });
      await page.goto(`/calls/${simulator.companies[0].calls.at(-1)!.id}`);
      await page.getByRole("heading", { name: "Aircall does not let us in right now" }).waitFor();
    },
    leave: ({ simulator }) => simulator.clearFaults(),
  },
];

/** Who has connected nothing. */
export const guestStates: readonly State[] = [
  { name: "the start, with a form for keys", reach: ({ page }) => page.goto("/") },
  {
    name: "a key that Aircall does not know",
    async reach({ page }) {
      await page.getByLabel("API ID").fill("mistyped");
      await page.getByLabel("API token").fill("mistyped");
      await page.getByRole("button", { name: "Connect with this key" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "disconnected by somebody else",
    async reach(stage) {
      await connect(stage);
      await signInAtOnce(stage.page, stage.simulator, "/settings");
      await stage.page.getByRole("heading", { name: "Settings" }).waitFor();
      await stage.browser.submit("/settings/disconnect").type("form").send({ sure: "1" });
      await stage.page.goto("/missed-calls");
      await stage.page.getByRole("heading", { name: /no longer connected$/ }).waitFor();
    },
  },
  {
    name: "ended by Aircall",
    async reach({ page }) {
      await page.goto("/auth/aircall?reason=revoked&return_to=%2Fmissed-calls");
      await page.getByRole("heading", { name: "Aircall has ended this connection" }).waitFor();
    },
  },
];

/** A company that nobody rings. */
export const emptyStates: readonly State[] = ["", "?show=tried", "?show=withheld", "?show=reached", "?show=done"]
  .map((part) => ({ name: `the board ${part}`, path: `/missed-calls${part}` }))
  .concat([{ name: "the day", path: "/glance" }])
  .map(({ name, path }) => ({ name, reach: ({ page }) => page.goto(path) }));

/** While the week is being read. */
export const fillingStates: readonly State[] = [
  {
    name: "the board",
    async reach({ page }) {
      await page.goto("/missed-calls");
      await page.getByText(/^Reading the week/).waitFor();
    },
  },
  { name: "the day", reach: ({ page }) => page.goto("/glance?day=week") },
];

/** As where somebody waited half a day. */
const longWaits = `for (const figure of document.querySelectorAll(".figures dd"))
  (figure.querySelector("a") ?? figure).textContent = "11 h 56 min";`;
