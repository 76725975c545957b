import type { Grant } from "../../src/grants/grant";
import { memoryGrants } from "../../src/grants/stores/memory";
import { newestGrant } from "../../src/grants/for-company";
import { newGrant } from "../support/grants";

const companyId = 4711;
const account = { id: companyId, name: "Acme", user: null };

async function storeWith(...grants: Partial<Grant>[]) {
  const store = memoryGrants();
  for (const grant of grants) await store.create(newGrant({ account, ...grant }), 60_000);
  return store;
}

describe("newestGrant", () => {
  it.each<[string, Partial<Grant>[], string | null]>([
    ["none", [], null],
    [
      "the latest",
      [
        { accessToken: "older", obtainedAt: new Date(1) },
        { accessToken: "newer", obtainedAt: new Date(2) },
      ],
      "newer",
    ],
    [
      "one that lives before a later one that ended",
      [
        { accessToken: "alive", obtainedAt: new Date(1) },
        { accessToken: "dead", obtainedAt: new Date(2), state: "suspended" },
      ],
      "alive",
    ],
    [
      "one that is refused no more than for a moment, before the suspended and the ended",
      [
        { accessToken: "ended", obtainedAt: new Date(4), state: "ended" },
        { accessToken: "suspended", obtainedAt: new Date(3), state: "suspended", refusedAt: new Date(3) },
        { accessToken: "refused", obtainedAt: new Date(1), refusedAt: new Date(2) },
      ],
      "refused",
    ],
    [
      "one that is accepted, before a later one that is refused",
      [
        { accessToken: "accepted", obtainedAt: new Date(1) },
        { accessToken: "refused", obtainedAt: new Date(2), refusedAt: new Date(2) },
      ],
      "accepted",
    ],
    [
      "one that may come back, before a later one that cannot",
      [
        { accessToken: "suspended", obtainedAt: new Date(1), state: "suspended" },
        { accessToken: "ended", obtainedAt: new Date(2), state: "ended" },
      ],
      "suspended",
    ],
    ["a dead one where none lives", [{ accessToken: "dead", obtainedAt: new Date(1), state: "ended" }], "dead"],
    ["nothing of another company", [{ accessToken: "theirs", account: { ...account, id: 1 } }], null],
  ])("finds %s", async (_, grants, accessToken) => {
    const found = await newestGrant(await storeWith(...grants), null, companyId);
    expect(found?.grant.accessToken ?? null).toBe(accessToken);
  });

  it("passes over one that has gone meanwhile", async () => {
    const store = await storeWith({ accessToken: "there" });
    const [id] = await store.idsOf(null, companyId);
    const listing = { ...store, idsOf: () => Promise.resolve(["x".repeat(32), id!]) };
    expect(await newestGrant(listing, null, companyId)).toMatchObject({ id, grant: { accessToken: "there" } });
    expect(
      await newestGrant({ ...listing, idsOf: () => Promise.resolve(["x".repeat(32)]) }, null, companyId),
    ).toBeNull();
  });
});
