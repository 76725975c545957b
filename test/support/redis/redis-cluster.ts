import { randomInt } from "node:crypto";
import { createClient } from "redis";
import { startRedisServer, type RedisServer } from "./redis-server";

export interface RedisCluster {
  readonly ports: readonly number[];
  close(): Promise<void>;
}

const slots = 16_384;
/** A node talks to the others on its port plus 10,000. */
const highestPort = 55_000;

/** Three primaries that share the slots. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const settings = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
  const nodes = await Promise.all(
    [0, 1, 2].map(() => startRedisServer({ settings, findPort: () => randomInt(20_000, highestPort) })),
  );
  await join(nodes);
  return {
    ports: nodes.map(({ port }) => port),
    close: async () => void (await Promise.all(nodes.map((node) => node.close()))),
  };
}

async function join(nodes: readonly RedisServer[]): Promise<void> {
  const clients = await Promise.all(nodes.map(({ url }) => createClient({ url }).connect()));
  const share = Math.ceil(slots / nodes.length);
  await Promise.all(
    clients.map(async (client, n) => {
      const end = Math.min((n + 1) * share, slots) - 1;
      await client.sendCommand(["CLUSTER", "ADDSLOTSRANGE", `${n * share}`, `${end}`]);
      await client.sendCommand(["CLUSTER", "SET-CONFIG-EPOCH", `${n + 1}`]);
    }),
  );
  for (const { port } of nodes.slice(1)) await clients[0]?.sendCommand(["CLUSTER", "MEET", "127.0.0.1", `${port}`]);
  for (const client of clients)
    while (!(await isComplete(client, nodes.length))) await new Promise((r) => setTimeout(r, 50));
  await Promise.all(clients.map((client) => client.close()));
}

async function isComplete(
  client: { sendCommand(command: string[]): Promise<unknown> },
  size: number,
): Promise<boolean> {
  const info = String(await client.sendCommand(["CLUSTER", "INFO"]));
  return info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${size}`);
}
