import { once } from "node:events";
import { createRequire } from "node:module";
import express from "express";
import { AircallError, aircallAuth, ConfigError } from "express-aircall";
import { createSimulator } from "express-aircall/simulator";

const simulator = createSimulator();
await simulator.listen();

const aircall = aircallAuth(simulator.basic);
const app = express();
app.use(aircall);
app.get("/", async (req, res) => res.json(await req.aircall.company.get()));
const server = app.listen(0, "127.0.0.1");
await once(server, "listening");

const { name } = await (await fetch(`http://127.0.0.1:${server.address().port}`)).json();
server.close();
await aircall.close();
await simulator.close();

const required = createRequire(import.meta.url)("express-aircall");
const sameClasses = required.AircallError === AircallError && new ConfigError("") instanceof required.AircallError;

console.log(JSON.stringify({ company: name, sameClasses }));
