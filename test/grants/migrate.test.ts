import { ConfigError } from "../../src/errors/errors";
import { migrateGrants } from "../../src/grants/migrate";
import { companyLifeMs } from "../../src/grants/ownership";
import { appKey } from "../../src/grants/session-grants";
import { memoryGrants } from "../../src/grants/stores/memory";
import { createClock, newGrant } from "../support/grants";

const clientId = "client-1";
const app = appKey(clientId);

function open() {
  const clock = createClock();
  return { clock, store: memoryGrants({ now: clock.now }) };
}

describe("grants that were kept before they knew their app", () => {
  it("become those of the app that is named, of the companies that are named", async () => {
    const { clock, store } = open();
    const id = await store.create(newGrant(), 60_000);
    const other = await store.create(newGrant({ account: { id: 8, name: null, user: null } }), 60_000);
    expect(await migrateGrants(store, { clientId, companyIds: ["7"] })).toEqual({ moved: 1, unread: 0 });
    expect([(await store.get(id))?.app, (await store.get(other))?.app]).toEqual([app, null]);
    expect(await store.idsOf(app, 7)).toEqual([id]);
    expect(await migrateGrants(store, { clientId, companyIds: [7] })).toEqual({ moved: 0, unread: 0 });
    expect(await store.get(id)).toMatchObject({ version: 2 });
    clock.pass(companyLifeMs);
    expect(await store.get(id)).not.toBeNull();
  });

  it("are counted where they are somebody else's, or cannot be read", async () => {
    const { store } = open();
    const [ours, theirs] = [
      await store.create(newGrant({ app }), 9_000),
      await store.create(newGrant({ app: "x" }), 9_000),
    ];
    const prolonged: string[] = [];
    const listing: typeof store = {
      ...store,
      idsOf: () => Promise.resolve([ours, theirs, "gone"]),
      prolong: (id, lifeMs) => (prolonged.push(id), store.prolong(id, lifeMs)),
    };
    expect(await migrateGrants(listing, { clientId, companyIds: [7] })).toEqual({ moved: 0, unread: 1 });
    expect(prolonged).toEqual([ours]);
    expect(await store.get(ours)).toMatchObject({ version: 1 });
  });

  it("are moved although somebody writes them meanwhile", async () => {
    const { store } = open();
    const id = await store.create(newGrant(), 60_000);
    let meanwhile = 1;
    const busy: typeof store = {
      ...store,
      async replace(grantId, version, grant) {
        if (meanwhile-- > 0) await store.replace(grantId, version, newGrant({ accessToken: "new" }));
        return store.replace(grantId, version, grant);
      },
    };
    expect(await migrateGrants(busy, { clientId, companyIds: [7] })).toEqual({ moved: 1, unread: 0 });
    expect(await store.get(id)).toMatchObject({ app, accessToken: "new", version: 3 });
  });

  it("are left where a company's id is none", async () => {
    const { store } = open();
    const migrate = migrateGrants(store, { clientId, companyIds: ["seven"] });
    await expect(migrate).rejects.toThrow(ConfigError);
    await expect(migrate).rejects.toThrow("migrateGrants({ companyIds })");
  });
});
