import { expect, it } from "TEST_RUNNER";
import { createAircallClient, NotConnectedError } from "express-aircall";
import { createSimulator } from "express-aircall/simulator";

it("asks the simulator", async () => {
  const simulator = createSimulator();
  await simulator.listen();
  const client = createAircallClient(simulator.basic);
  expect((await client.users.list()).items).toHaveLength(8);
  expect(new NotConnectedError()).toBeInstanceOf(NotConnectedError);
  await client.close();
  await simulator.close();
});
