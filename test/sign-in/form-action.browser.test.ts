import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import session from "express-session";
import { aircallAuth, requireAircall } from "express-aircall";
import { useChromium } from "../example-app/chromium";
import { startSimulator } from "../support/servers/simulated";

const home = '<h1>Home</h1><form method="post" action="/auth/aircall/logout"><button>Sign out</button></form>';
const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

describe("a page whose policy says where forms may lead", () => {
  const open = useChromium();

  it("signs out, and on to Aircall's consent page, where form-action names its origin", async () => {
    const { simulator, url } = await startApp(
      ({ authorizeUrl }) => `form-action 'self' ${new URL(authorizeUrl).origin}`,
    );
    const page = await open(url);
    await page.goto("/");
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Authorize" }).waitFor();
    expect(page.url().startsWith(simulator.url)).toBe(true);
  });

  it("stays where it is in Chromium under helmet's own form-action 'self', signed out though", async () => {
    const { url } = await startApp(() => "form-action 'self'");
    const page = await open(url);
    await page.goto("/");
    await page.getByRole("button", { name: "Authorize" }).click();
    const refused = page.waitForEvent("console", (said) => said.text().includes("form-action"));
    await page.getByRole("button", { name: "Sign out" }).click();
    await refused;
    expect((await page.request.get("/", { maxRedirects: 0 })).status()).toBe(401);
  });
});

/** An app whose first page needs a connection, so that who signs out there is sent to sign in. */
async function startApp(policy: (oauth: { authorizeUrl: string }) => string) {
  const simulator = await startSimulator();
  const app = express();
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const callbackUrl = `${url}/auth/aircall/callback`;
  const auth = aircallAuth({ ...simulator.oauth, callbackUrl, initiateOAuth: "GETANDREFRESH" });
  closing.push(() => {
    server.closeAllConnections();
    server.close();
    return auth.close();
  });
  app.use((_req, res, next) => {
    res.set("Content-Security-Policy", policy(simulator.oauth));
    next();
  });
  app.use(session({ secret: "a session secret", resave: false, saveUninitialized: false }), auth);
  app.get("/", requireAircall(), (_req, res) => void res.send(home));
  return { simulator, url };
}
