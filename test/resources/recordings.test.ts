import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Express } from "express";
import type { Simulator, SimulatorOptions } from "express-aircall/simulator";
import { requireAircall } from "express-aircall";
import { useChromium } from "../example-app/chromium";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { describeWith } from "../support/programs";
import { startSimulator, stoppedClock } from "../support/servers/simulated";

const seconds = 20;
const assetBytes = 44 + seconds * 8_000;

async function simulate(options: SimulatorOptions = {}) {
  const clock = stoppedClock();
  const simulator = await startSimulator({ now: clock.now, assetBytes, ...options });
  return { simulator, clock, recorded: idOf(simulator, "recording"), voicemail: idOf(simulator, "voicemail") };
}

function idOf({ companies }: Simulator, field: "recording" | "voicemail"): number {
  return companies[0].calls.find((call) => call[field] !== null)!.id;
}

/** As a developer writes them. */
function addRoutes(app: Express): void {
  app.get("/recordings/:id", requireAircall(), (req, res) =>
    req.aircall.calls.recording(Number(req.params["id"])).pipe(res),
  );
  app.get("/voicemails/:id", requireAircall(), (req, res) =>
    req.aircall.calls.voicemail(Number(req.params["id"])).pipe(res),
  );
}

/** What was asked of Aircall for a call, and for what was said in it. */
function asked({ requests }: Simulator) {
  const paths = requests.map(({ path }) => path);
  const count = (pattern: RegExp) => paths.filter((path) => pattern.test(path)).length;
  return { calls: count(/^\/v1\/calls\/\d+$/), files: count(/^\/assets\//) };
}

describe("a recording", () => {
  it("comes in parts through an app where someone signed in, for one request of the budget", async () => {
    const { simulator, recorded } = await simulate();
    const browser = browserAt(createConnectedApp(getAndRefresh(simulator), { routes: addRoutes }));
    await signIn(browser, simulator);
    const path = `/recordings/${recorded}`;
    const whole = await browser.visit(path).expect(200).buffer();
    expect((whole.body as Buffer).length).toBe(assetBytes);
    const part = await browser.visit(path).set("Range", "bytes=100-199").expect(206).buffer();
    expect((whole.body as Buffer).subarray(100, 200).equals(part.body as Buffer)).toBe(true);
    await browser.visit(path).set("Range", `bytes=${assetBytes}-`).expect(416);
    expect(asked(simulator)).toEqual({ calls: 1, files: 3 });
  });

  it("comes after its address has expired, for one request more", async () => {
    const { simulator, clock, recorded } = await simulate({ assetUrlSeconds: 600 });
    const browser = browserAt(createConnectedApp(simulator.basic, { routes: addRoutes }));
    await browser.visit(`/recordings/${recorded}`).expect(200);
    clock.forward(601_000);
    await browser.visit(`/recordings/${recorded}`).expect(200);
    await browser.visit(`/recordings/${recorded}`).expect(200);
    expect(asked(simulator)).toEqual({ calls: 2, files: 4 });
  });

  it("is asked for without the credential", async () => {
    const { simulator, recorded } = await simulate();
    const browser = browserAt(createConnectedApp(simulator.basic, { routes: addRoutes }));
    await browser.visit(`/recordings/${recorded}`).expect(200);
    const credentials = simulator.requests.map(({ path, authorization }) => [path.split("/")[1], authorization]);
    expect(credentials).toEqual([
      ["v1", "Basic"],
      ["assets", null],
    ]);
  });

  it("is not there for a call that left a voicemail, which is", async () => {
    const { simulator, voicemail } = await simulate();
    const browser = browserAt(createConnectedApp(simulator.basic, { routes: addRoutes }));
    const { body } = await browser.visit(`/recordings/${voicemail}`).expect(404);
    expect(body).toMatchObject({ code: "not_found", request: "GET /v1/calls/:id" });
    await browser.visit(`/voicemails/${voicemail}`).expect(200).expect("Content-Type", "audio/wav");
  });

  it("is not there for a call that is none", async () => {
    const { simulator } = await simulate();
    const browser = browserAt(createConnectedApp(simulator.basic, { routes: addRoutes }));
    await browser.visit("/recordings/1").expect(404);
  });
});

describeWith("chromium", "a recording in a browser", () => {
  const openPage = useChromium();

  it("plays and seeks in an audio element, for one request of the budget", async () => {
    const { simulator, recorded } = await simulate();
    const { app } = createConnectedApp(simulator.basic, { routes: addRoutes });
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    const page = await openPage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await page.goto("/account");
    await page.setContent(`<audio src="/recordings/${recorded}" preload="metadata" muted></audio>`);
    const heard = await page.locator("audio").evaluate(listen, 15);
    server.closeAllConnections();
    server.close();
    expect(heard.duration).toBeCloseTo(seconds, 1);
    expect(heard.position).toBeGreaterThan(15);
    expect(asked(simulator).calls).toBe(1);
  });
});

/** Plays from that second on for a moment. */
async function listen(element: HTMLElement | SVGElement, from: number) {
  const audio = element as HTMLAudioElement;
  const event = (name: string) => new Promise((resolve) => audio.addEventListener(name, resolve, { once: true }));
  if (audio.readyState < 1) await event("loadedmetadata");
  const seeked = event("seeked");
  audio.currentTime = from;
  await seeked;
  await audio.play();
  while (audio.currentTime === from) await event("timeupdate");
  return { duration: audio.duration, position: audio.currentTime };
}
