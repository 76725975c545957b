import { createAircallClient } from "express-aircall";

const says = { not_found: "none", not_entitled: "plan", credentials_refused: "key" };
const client = createAircallClient();
const said = await client.conversationIntelligence.getTranscription(process.env.CALL_ID).then(
  () => "text",
  (error) => says[error.code] ?? Promise.reject(error),
);
console.log(said);
await client.close();
