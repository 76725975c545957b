import { appsOwn } from "./apps-own";

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

/** Connects, and never reconnects. @throws {NoPackage} */
export async function connectRedis(url: string): Promise<OperatorsRedis> {
  const socket = { reconnectStrategy: false, connectTimeout: 5_000 } as const;
  const client = appsOwn<RedisPackage>("redis", "5 or 6").createClient({ url, socket });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
