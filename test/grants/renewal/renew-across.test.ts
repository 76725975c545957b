import { setTimeout as sleep } from "node:timers/promises";
import { createGrantTokens } from "../../../src/grants/access";
import { createRenewals } from "../../../src/grants/renewal/renew";
import { refusalOf } from "../../../src/oauth/token-refusal";
import { createClock, newGrant, patient } from "../../support/grants";
import { describeWith } from "../../support/programs";
import { startRedisGrants, type RedisGrants } from "../../support/redis/redis-grants";
import { createRotatingServer } from "../../support/servers/rotating-server";

const anHour = 3_600_000;

describeWith("redis-server", "an expired token that two processes want renewed", () => {
  let redis: RedisGrants;

  beforeAll(async () => (redis = await startRedisGrants()));
  afterAll(() => redis.close());

  async function startTwo(server: ReturnType<typeof createRotatingServer>, names: readonly string[]) {
    const { now, pass } = createClock();
    const stores = [await redis.grants(), await redis.grants()];
    const probe = () => Promise.resolve("unknown" as const);
    const all = stores.map((store) => ({ store, renewals: createRenewals({ store, ...server, probe, now }) }));
    const grants = names.map((name) => newGrant({ accessToken: `access ${name}.0`, refreshToken: `${name}.0` }));
    const ids = await Promise.all(grants.map((grant) => stores[0]!.create(grant, 86_400_000)));
    pass(anHour);

    /** The token of one request. */
    const token = async (process: number, id: string) => {
      const { secret } = await createGrantTokens({ ...all[process]!, id, signInPath: null, now }).credential(patient);
      return secret;
    };
    return { ids, token, stores };
  }

  it("is renewed once, and fifty requests of each go on with it", async () => {
    const server = createRotatingServer({ delay: () => sleep(25) });
    const { ids, token } = await startTwo(server, ["ada"]);

    const tokens = await Promise.all(Array.from({ length: 100 }, (_, n) => token(n % 2, ids[0]!)));

    expect(new Set(tokens)).toEqual(new Set(["access ada.1"]));
    expect(server.counts).toEqual({ requests: 1, mostInFlight: 1 });
  });

  it("is renewed once for each of 200 grants, and nobody gets another's", async () => {
    const names = Array.from({ length: 200 }, (_, n) => `name${n}`);
    const server = createRotatingServer({ delay: () => sleep(5) });
    const { ids, token } = await startTwo(server, names);

    const tokens: string[] = [];
    for (let first = 0; first < ids.length; first += 50) {
      const some = ids.slice(first, first + 50);
      tokens.push(...(await Promise.all(some.flatMap((id) => [token(0, id), token(1, id), token(0, id)]))));
    }

    expect(tokens).toEqual(names.flatMap((name) => Array.from({ length: 3 }, () => `access ${name}.1`)));
    expect(server.counts).toEqual({ requests: 200, mostInFlight: 1 });
  });

  it("is not sent again at once when a gateway's 504 took the answer away", async () => {
    const rotating = createRotatingServer({ forgivesOnce: true });
    let lost = 1;
    const renew: typeof rotating.endpoint.renew = async (refreshToken) => {
      const answer = await rotating.endpoint.renew(refreshToken);
      if (lost-- > 0) throw refusalOf(504, null);
      return answer;
    };
    const { ids, token } = await startTwo({ ...rotating, endpoint: { renew } }, ["ada"]);
    const outcome = (process: number) => token(process, ids[0]!).catch((error: { code: string }) => error.code);

    expect(await Promise.all([outcome(0), outcome(1)])).toEqual(["renewal_failed", "renewal_failed"]);
    for (let n = 0; n < 10; n += 1)
      expect([await outcome(0), await outcome(1)]).toEqual(["renewal_failed", "renewal_failed"]);
    expect(rotating.counts.requests).toBe(1);
  });

  it("is not lost when Redis takes no writes just as it was renewed", async () => {
    const readOnly = (is: boolean) =>
      redis.inside.sendCommand(is ? ["REPLICAOF", "127.0.0.1", "1"] : ["REPLICAOF", "NO", "ONE"]);
    let turn = 0;
    const delay = async () => void ((turn += 1) === 2 && (await readOnly(true)));
    const server = createRotatingServer({ delay });
    const { ids, token, stores } = await startTwo(server, ["ada"]);

    await expect(token(0, ids[0]!)).rejects.toMatchObject({ code: "store_failed" });
    const waiting = token(1, ids[0]!);
    await readOnly(false);

    expect(await waiting).toBe("access ada.1");
    expect(await stores[0]!.get(ids[0]!)).toMatchObject({ refreshToken: "ada.1", state: "active" });
    expect(server.counts.requests).toBe(1);
  });
});
