import { text } from "node:stream/consumers";
import { createAircallClient } from "express-aircall";

const client = createAircallClient();
for (const line of (await text(process.stdin)).trim().split("\n")) {
  const [phone, first_name] = line.split(" ");
  await client.contacts.upsertByPhone(phone, { first_name });
}
await client.close();
