import { useChromium } from "../example-app/chromium";
import { describeWith } from "../support/programs";
import { startSimulator } from "../support/simulated";

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

  it.each([400, 1000, 1280])("fits a screen %d pixels wide", async (width) => {
    const simulator = await startSimulator();
    await fetch(`${simulator.url}/v1/${"long/".repeat(40)}`);
    const page = await openPage(simulator.url, { viewport: { width, height: 800 } });
    await page.goto("/");
    await page.getByText("Settings for your app").click();

    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const cutOff = "[...document.querySelectorAll('pre')].filter((pre) => pre.scrollWidth > pre.clientWidth).length";
    expect(await page.evaluate(cutOff)).toBe(0);
  });
});
