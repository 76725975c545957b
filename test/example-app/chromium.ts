/// <reference lib="dom" />
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import type { Simulator } from "express-aircall/simulator";
import { requireProgram } from "../support/programs";

/** Quiet, and able to reach nothing but this machine. */
const switches = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/** A Chromium for the tests of one `describe`. Answers what opens a page at a site, without cookies, for one test. */
export function useChromium(): (baseURL: string, options?: BrowserContextOptions) => Promise<Page> {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: requireProgram("chromium"), args: switches });
  });

  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

  afterAll(() => browser?.close());

  return async function openPage(baseURL, options = {}) {
    const context = await browser.newContext({ baseURL, ...options });
    context.setDefaultTimeout(120_000);
    return context.newPage();
  };
}

/** Connects the first company at the simulator's consent page, by clicking. */
export async function signIn(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("link", { name: "Connect Aircall" }).click();
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.getByRole("heading", { name: /waiting$/ }).waitFor();
}

/** The same without a look at the consent page; ends where the app leads who wanted that page. */
export async function signInAtOnce(page: Page, simulator: Simulator, wanted = "/"): Promise<void> {
  const params = { return_to: wanted };
  const sent = await page.request.get("/auth/aircall", { params, headers: asVisit, maxRedirects: 0 });
  await page.goto(simulator.consent(sent.headers()["location"] ?? ""), { waitUntil: "commit" });
}

const asVisit = { Accept: "text/html", "Sec-Fetch-Mode": "navigate" };

/** What the page tells of what was done. */
export function noticeOn(page: Page): Promise<string | null> {
  return page.locator(".notice").textContent();
}

/** Opens the first caller on the board. */
export async function openCall(page: Page): Promise<void> {
  await page.locator(".caller .name").first().click();
}

export async function comment(page: Page, text: string): Promise<void> {
  await page.getByLabel("Add a comment").fill(text);
  await page.getByRole("button", { name: "Save comment" }).click();
}
