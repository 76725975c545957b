import { describeWith } from "../support/programs";
import { openBoard } from "./board";
import { signInAtOnce, useChromium } from "./chromium";

describeWith("chromium", "a page that cannot be shown now", () => {
  const openPage = useChromium();

  it("counts down, and comes back by itself when it can be", async () => {
    const { origin, simulator } = await openBoard(undefined, { callsPerDay: 5 });
    const page = await openPage(origin);
    const call = simulator.companies[0].calls.at(-1)!;
    const mend = simulator.fail({ match: { path: "/v1/calls/search" }, status: 503 });
    await page.clock.install();
    await signInAtOnce(page, simulator, `/calls/${call.id}`);
    await page.getByRole("heading", { name: "Aircall cannot be reached" }).waitFor();
    await page.clock.runFor(2_000);
    expect(await page.locator("#retry").textContent()).toMatch(/in [3-8] seconds/);
    mend();
    await page.clock.runFor(10_000);
    await page.getByLabel("Add a comment").waitFor();
  });
});
