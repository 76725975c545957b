/**
 * Keeps events in BullMQ, on the Redis that the app has.
 * @module express-aircall/bullmq
 */
export { AircallError, ConfigError } from "../../errors/errors";
export type { EventQueue } from "../event-queue";
export { bullQueue, type BullQueueOptions } from "./bull-queue";
