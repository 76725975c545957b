import { runTool } from "../../package/pack";
import { tarball } from "../prepare";

describe("the tarball, to those who judge packages", () => {
  it("satisfies publint", async () => {
    await expect(runTool("publint", ["run", tarball, "--strict"])).resolves.toContain("All good!");
  });

  it("has types wherever Node finds code, for every way of resolving", async () => {
    const report = await runTool("attw", [tarball]);
    const doors = ["simulator", "testing", "webhooks", "bullmq", "otel"].map((door) => `"express-aircall/${door}"`);
    expect(doors.filter((door) => !report.includes(door))).toEqual([]);
    expect(report).toContain("No problems found");
  });
});
