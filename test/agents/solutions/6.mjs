import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createAircallClient } from "express-aircall";

const client = createAircallClient();
const { body } = await client.calls.recording(process.env.CALL_ID);
await pipeline(body, createWriteStream(process.env.OUT));
await client.close();
