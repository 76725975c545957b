/** A process that gives a number a contact, so many times at once, whenever it is told to. */
const { createClient } = require("redis");
const { createAircallClient } = require("../../src/client/client.ts");

const { apiUrl, user, password, redis } = JSON.parse(process.argv[2]);

async function main() {
  const store = await createClient({ url: redis })
    .on("error", () => undefined)
    .connect();
  const client = createAircallClient({ apiUrl, user, password, redis: store });

  process.on("message", async ({ phone, count, fields }) => {
    const upsert = () => client.contacts.upsertByPhone(phone, fields);
    const made = await Promise.allSettled(Array.from({ length: count }, upsert));
    process.send(made.map(({ value, reason }) => value?.id ?? String(reason)));
  });
  process.send("ready");
}

void main();
