import { useChromium } from "../example-app/chromium";
import { describeWith } from "../support/programs";
import { startSimulator } from "../support/servers/simulated";
import { startReceiver } from "../support/servers/webhook-receiver";

describeWith("chromium", "the simulator's page in a browser", () => {
  const openPage = useChromium();

  it("shows the next request by itself, and says so when the simulator is gone", async () => {
    const simulator = await startSimulator();
    const page = await openPage(simulator.url);
    await page.goto("/");
    await page.getByText("None yet. Give your app").waitFor();

    await fetch(`${simulator.url}/v1/ping`);
    await page.getByText("/v1/ping").waitFor();
    await simulator.close();

    await page.getByText("The simulator does not answer").waitFor();
  });

  it("misses a call now, lets requests fail as chosen, and stops that", async () => {
    const simulator = await startSimulator();
    const [company] = simulator.companies;
    const count = company.calls.length;
    const page = await openPage(simulator.url);
    await page.goto("/");

    await page.getByRole("button", { name: "Miss a call now" }).click();
    await page.getByLabel("Which address").fill("/v1/ping");
    await page.getByLabel("What goes wrong").selectOption("answer 503");
    await page.getByLabel("How many times").fill("2");
    await page.getByRole("button", { name: "Add this fault" }).click();
    await page.getByText("2 more").waitFor();
    const failed = (await fetch(`${simulator.url}/v1/ping`)).status;
    await page.getByText("1 more").waitFor();
    await page.getByRole("button", { name: "End" }).click();
    await page.getByRole("button", { name: "End" }).waitFor({ state: "detached" });

    expect(company.calls).toHaveLength(count + 1);
    expect(company.calls.slice(-3).map(({ missed_call_reason }) => missed_call_reason)).toContain(
      "agents_did_not_answer",
    );
    expect([failed, (await fetch(`${simulator.url}/v1/ping`)).status]).toEqual([503, 401]);
  });

  it("copies a block of settings", async () => {
    const simulator = await startSimulator();
    const page = await openPage(simulator.url, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.goto("/");

    await page.getByRole("button", { name: "Copy" }).first().click();
    await page.getByText("Copied").waitFor();

    expect(await page.evaluate("navigator.clipboard.readText()")).toContain(`AIRCALL_API_URL=${simulator.url}\n`);
  });

  it("plays a call, shows what webhooks were told, and tells it again", async () => {
    const simulator = await startSimulator();
    const receiver = await startReceiver();
    simulator.addWebhook({ url: receiver.url, events: ["call.created"] });
    const page = await openPage(simulator.url);
    await page.goto("/");

    await page.getByRole("button", { name: "Play a call" }).click();
    await page.getByRole("button", { name: "Send call.created again" }).click();
    while (receiver.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));

    expect(receiver.received[1]!.raw).toBe(receiver.received[0]!.raw);
  });

  it.each([390, 1000, 1280])("fits a screen %d pixels wide", async (width) => {
    const simulator = await startSimulator();
    await fetch(`${simulator.url}/v1/${"long/".repeat(40)}`);
    const { url } = await startReceiver();
    simulator.addWebhook({ url: `${url}/${"long/".repeat(40)}` });
    simulator.emit("realtime_transcription.utterances_received");
    const page = await openPage(simulator.url, { viewport: { width, height: 800 } });
    await page.goto("/");
    await page.getByText("Settings for your app").click();

    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const cutOff = "[...document.querySelectorAll('pre')].filter((pre) => pre.scrollWidth > pre.clientWidth).length";
    expect(await page.evaluate(cutOff)).toBe(0);
  });
});
