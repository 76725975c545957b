import { createAircallClient } from "express-aircall";

const client = createAircallClient();
let missed = 0;
for await (const call of client.calls.iterate({ from: new Date(Date.now() - 7 * 86_400_000) })) {
  if (call.direction === "inbound" && call.answered_at === null) missed += 1;
}
console.log(missed);
await client.close();
