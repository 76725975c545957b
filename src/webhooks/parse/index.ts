/**
 * Proves and reads one of Aircall's deliveries, without Express and without Node.
 * @module express-aircall/webhooks
 */
export { WebhookError } from "../../errors/webhook";
export { AircallError, ConfigError } from "../../errors/base";
export type { WebhookErrorCode } from "../../errors/codes";
export type { AircallEventData, AircallEventName } from "../events/names";
export type { Abridged, Open } from "../events/open";
export type { EventBody } from "./body";
export { parseAircallEvent, type ParsedAircallEvent, type ParsedEvent, type ParseOptions } from "./parse";
