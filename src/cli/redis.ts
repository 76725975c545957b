import { createRequire } from "node:module";
import { join } from "node:path";
import { propertyOf } from "../errors/property";

/** What is used of node-redis 5 or 6. */
export interface OperatorsRedis {
  readonly isOpen: boolean;
  on(event: "error", listener: () => void): unknown;
  connect(): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  scanIterator(options: { MATCH: string; COUNT: number }): AsyncIterable<string[]>;
  destroy(): void;
}

interface RedisPackage {
  createClient(options: { url: string; socket: { reconnectStrategy: false; connectTimeout: number } }): OperatorsRedis;
}

/** The message says how to install it. */
export class NoRedisPackage extends Error {}

/** Connects once. @throws {NoRedisPackage} */
export async function connectRedis(url: string): Promise<OperatorsRedis> {
  const socket = { reconnectStrategy: false, connectTimeout: 5_000 } as const;
  const client = loadRedis().createClient({ url, socket });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** The app's own: it is no dependency of this library. */
function loadRedis(): RedisPackage {
  try {
    return createRequire(join(process.cwd(), "package.json"))("redis") as RedisPackage;
  } catch (error) {
    if (propertyOf(error, "code") !== "MODULE_NOT_FOUND") throw error;
    throw new NoRedisPackage("This command needs the package redis, version 5 or 6: npm install --no-save redis");
  }
}
