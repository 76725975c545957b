import { createClient } from "redis";
import { redisGrants, type RedisGrantsOptions } from "../../../src/grants/stores/redis/redis";
import { startRedisServer } from "./redis-server";

export type RedisGrants = Awaited<ReturnType<typeof startRedisGrants>>;

/** A Redis of the test's own, and as many grant stores over it as there are processes to play. */
export async function startRedisGrants(...settings: string[]) {
  const server = await startRedisServer({ settings });
  const connections: { isOpen: boolean; destroy(): void }[] = [];

  async function connect() {
    const client = createClient({ url: server.url });
    client.on("error", () => undefined);
    connections.push(client);
    await client.connect();
    return client;
  }

  return {
    server,
    /** To look inside. */
    inside: await connect(),
    connect,
    /** The grants as another process sees them, over a connection of its own. */
    grants: async (options?: RedisGrantsOptions) => redisGrants(await connect(), options),
    async close() {
      for (const client of connections) if (client.isOpen) client.destroy();
      await server.close();
    },
  };
}
