import { Cluster, Redis as IoRedis } from "ioredis";
import { createClient, createClientPool, createCluster } from "redis";
import {
  createClient as createClient6,
  createClientPool as createClientPool6,
  createCluster as createCluster6,
} from "redis-6";
import type { GrantStore } from "../../../../src/grants/store";
import { redisGrants } from "../../../../src/grants/stores/redis/redis";
import { describeWith } from "../../../support/programs";
import { rounds } from "../../../support/promised";
import { startRedisCluster, type RedisCluster } from "../../../support/redis/redis-cluster";
import { startRedisServer, type RedisServer } from "../../../support/redis/redis-server";
import { letRedisTimePass } from "../../../support/redis/redis-time";
import { describeGrantStore } from "../contract";

describeWith("redis-server", "on one Redis", () => {
  let server: RedisServer;

  beforeAll(async () => (server = await startRedisServer()));
  afterAll(() => server.close());

  const nodeRedis = {
    "node-redis 5": () => createClient({ url: server.url }),
    "node-redis 6": () => createClient6({ url: server.url }),
    "node-redis 5 with RESP 3": () => createClient({ url: server.url, RESP: 3 }),
    "a pool of node-redis 5": () => createClientPool({ url: server.url }),
    "a pool of node-redis 6": () => createClientPool6({ url: server.url }),
  };

  describe.each(Object.entries(nodeRedis))("%s", (name, create) => {
    describeGrantStore(
      `redisGrants over ${name}`,
      async () => {
        const client = create();
        await client.connect();
        await client.flushAll();
        const pass = (ms: number) => letRedisTimePass((script, arg) => client.eval(script, { arguments: [arg] }), ms);
        return { store: redisGrants(client), pass, close: async () => void (await client.close()) };
      },
      { numRuns: rounds(40, 100) },
    );
  });

  describeGrantStore(
    "redisGrants over ioredis",
    async () => {
      const client = new IoRedis(server.url);
      await client.flushall();
      const pass = (ms: number) => letRedisTimePass((script, arg) => client.eval(script, 0, arg), ms);
      return { store: redisGrants(client), pass, close: async () => void (await client.quit()) };
    },
    { numRuns: rounds(40, 100) },
  );
});

describeWith("redis-server", "on a Redis cluster of three", () => {
  let cluster: RedisCluster;
  let nodes: ReturnType<typeof createClient>[] = [];

  const rootNodes = () => cluster.ports.map((port) => ({ url: `redis://127.0.0.1:${port}` }));

  beforeAll(async () => {
    cluster = await startRedisCluster();
    nodes = rootNodes().map(({ url }) => createClient({ url }));
    await Promise.all(nodes.map((node) => node.connect()));
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await cluster.close();
  });

  /** Runs a script on each of the three by itself. */
  async function onEveryNode(script: string, ...args: string[]): Promise<void> {
    await Promise.all(nodes.map((node) => node.eval(script, { arguments: args })));
  }

  /** Finding its way around a cluster takes a client longer than any test here. */
  const clusters = {
    "node-redis 5": async () => {
      const client = await createCluster({ rootNodes: rootNodes() }).connect();
      return { store: redisGrants(client), close: () => client.close() };
    },
    "node-redis 6": async () => {
      const client = await createCluster6({ rootNodes: rootNodes() }).connect();
      return { store: redisGrants(client), close: () => client.close() };
    },
    ioredis: () => {
      const client = new Cluster(cluster.ports.map((port) => ({ host: "127.0.0.1", port })));
      return Promise.resolve({ store: redisGrants(client), close: () => client.quit() });
    },
  };

  describe.each(Object.entries(clusters))("%s", (name, open) => {
    let opened: { store: GrantStore; close: () => Promise<unknown> };

    beforeAll(async () => (opened = await open()));
    afterAll(() => opened.close());

    describeGrantStore(
      `redisGrants over a cluster with ${name}`,
      async () => {
        await onEveryNode("redis.call('FLUSHALL')");
        return { store: opened.store, pass: (ms) => letRedisTimePass(onEveryNode, ms) };
      },
      { numRuns: rounds(15, 30) },
    );
  });
});
