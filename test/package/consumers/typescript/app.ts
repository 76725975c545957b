import express from "express";
import { aircallAuth, aircallErrors, AircallStrategy, type Call, requireAircall } from "express-aircall";
import { createSimulator } from "express-aircall/simulator";
import { listCalls } from "./handler.js";

const simulator = createSimulator();
const aircall = aircallAuth({ ...simulator.oauth, callbackUrl: "http://localhost:3000/auth/aircall/callback" });

export const app = express().use(aircall).get("/calls", requireAircall(), listCalls).use(aircallErrors());
export const strategyName: string | undefined = new AircallStrategy().name;
export const wasMissed = ({ direction, answered_at }: Call): boolean => direction === "inbound" && answered_at === null;

// @ts-expect-error -- the option is timeoutMs
aircallAuth({ timeout: 30 });
