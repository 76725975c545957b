import { appendFile } from "node:fs/promises";
import express from "express";
import { aircallAuth, aircallWebhooks } from "express-aircall";

const auth = aircallAuth();
const events = aircallWebhooks({
  auth,
  path: "/hooks",
  tokens: [process.env.AIRCALL_WEBHOOK_TOKEN],
  on: { "call.ended": (event) => appendFile(process.env.OUT, `${event.data.id}\n`) },
});
express().use(auth, events).listen(process.env.PORT);
