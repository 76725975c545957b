// Asks one server by the platform's own fetch, then the API at argv[2] by a client, and by one with a dispatcher of the
// undici within Node. Prints what the two clients got.
const { createAircallClient } = require("../../../dist/index.js");

async function main([apiUrl, elsewhere]) {
  await (await fetch(elsewhere)).text();
  const [first, second] = [1, 2].map((version) => globalThis[Symbol.for(`undici.globalDispatcher.${version}`)]);
  const OfNode = (second ?? first).constructor;
  const settings = { apiUrl, user: "id", password: "token" };
  const own = createAircallClient(settings);
  const given = createAircallClient({ ...settings, dispatcher: new OfNode({ connections: 1 }) });
  console.log(JSON.stringify([await own.ping(), await given.calls.list()]));
}

void main(process.argv.slice(2));
