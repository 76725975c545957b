import { createAircallClient } from "express-aircall";

const client = createAircallClient();
let count = 0;
for await (const _ of client.calls.iterate({ from: new Date(Date.now() - 200 * 86_400_000) })) count += 1;
console.log(count);
await client.close();
