const { createAircallClient } = require("express-aircall");
const loadedByMainDoor = Object.keys(require.cache);
const { createSimulator } = require("express-aircall/simulator");

main();

async function main() {
  const simulator = createSimulator();
  await simulator.listen();
  const client = createAircallClient(simulator.basic);
  const { name } = await client.company.get();
  await client.close();
  await simulator.close();

  console.log(JSON.stringify({ company: name, loadedByMainDoor }));
}
