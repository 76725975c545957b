// How soon a browser paints the example app's pages, beside a page of one word from the same process. `npm run build`
// and a Chromium first. Every load is by a browser that has never been there; they take turns.
// As `npm start` runs it: production asks for a store that outlives the process.
delete process.env.NODE_ENV;
const { once } = require("node:events");
const { createServer } = require("node:http");
const { chromium } = require("playwright-core");
const { createSimulator } = require("express-aircall/simulator");
const { createApp } = require("../../example-app/dist/app.js");
const { circumstances, median, round1 } = require("./child.cjs");

const loads = 9;
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const wordAlone = "<!doctype html><title>Word</title><p>Word</p>";

void main();

async function main() {
  const simulator = createSimulator({ callsPerDay: 100 });
  await simulator.listen();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  const aircall = {
    ...simulator.oauth,
    callbackUrl: `${origin}/auth/aircall/callback`,
    initiateOAuth: "GETANDREFRESH",
  };
  const board = createApp({ aircall, sessionSecret: "for a bench only", publicUrl: origin });
  server.on("request", (req, res) => (req.url === "/word" ? res.end(wordAlone) : board.app(req, res)));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

  const cookies = await signIn(browser, origin, simulator);
  const pages = ["/word", "/missed-calls", `/calls/${simulator.companies[0].calls.at(-1).id}`, "/glance", "/settings"];
  const seen = Object.fromEntries(pages.map((page) => [page, []]));
  for (let load = 0; load < loads; load += 1)
    for (const page of pages) seen[page].push(await firstPaint(browser, cookies, origin + page));

  const word = median(seen["/word"]);
  console.log(`\nFirst contentful paint, median of ${loads} loads, ${circumstances()}`);
  console.table(
    Object.fromEntries(
      pages.map((page) => [
        page.replace(/\d+$/, ":id"),
        { "times a word alone": round1(median(seen[page]) / word), ms: Math.round(median(seen[page])) },
      ]),
    ),
  );
  await browser.close();
  server.closeAllConnections();
  server.close();
  await board.close();
  await simulator.close();
}

/** Connected, and with the week on the board. */
async function signIn(browser, origin, simulator) {
  const context = await browser.newContext({ baseURL: origin });
  const page = await context.newPage();
  const headers = { Accept: "text/html", "Sec-Fetch-Mode": "navigate" };
  const sent = await page.request.get("/auth/aircall", { headers, maxRedirects: 0 });
  await page.goto(simulator.consent(sent.headers().location));
  await page.goto("/missed-calls");
  await page.getByText(/^Live/).waitFor();
  while (await page.locator(".filling").count()) await page.reload();
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

async function firstPaint(browser, cookies, address) {
  const context = await browser.newContext();
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.goto(address, { waitUntil: "load" });
  const ms = await page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => {
          const paint = list.getEntriesByName("first-contentful-paint")[0];
          if (paint) resolve(paint.startTime);
        }).observe({ type: "paint", buffered: true });
      }),
  );
  await context.close();
  return ms;
}
