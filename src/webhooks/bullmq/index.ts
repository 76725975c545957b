export { AircallError, ConfigError } from "../../errors/errors";
export type { EventQueue } from "../event-queue";
export { bullQueue, type BullQueueOptions } from "./bull-queue";
