import type { CompanyKey } from "../../../src/config/company-id";
import { newGrantId } from "../../../src/grants/grant";
import { createCompanyIndex } from "../../../src/grants/stores/session-company-index";
import { createClock } from "../../support/grants";
import { watchedDocuments } from "./session-documents";

const lifeMs = 60_000;
const noBound = 3_155_760_000_000;
const tenYearsMs = 315_576_000_000;
const acme = { app: "app", company: "id:7" } as const;
const named = { app: "app", company: "ref:acme" } as const;
const [id, other] = [newGrantId(), newGrantId()];

function open(longestLifeMs = noBound) {
  const clock = createClock(Date.now());
  const watched = watchedDocuments();
  const index = createCompanyIndex(watched.documents, { now: clock.now, longestLifeMs });
  const companies = async (limit = 10) => (await index.companies("app", null, limit)).companies;
  const listings = () => watched.keys().filter((key) => key.startsWith("ac_companies_"));
  return { ...watched, clock, index, companies, listings, soon: () => clock.now() + lifeMs };
}

describe("the companies among sessions", () => {
  it("are found by each of their names, and listed by the first", async () => {
    const { index, companies, soon } = open();
    await index.noteFirst([acme, named], id, soon());
    expect([await index.idsOf(acme), await index.idsOf(named)]).toEqual([[id], [id]]);
    expect(await companies()).toEqual([{ company: 7, ids: [id] }]);
    await index.noteFirst([], other, soon());
    expect(await companies()).toHaveLength(1);
  });

  it("lie under keys that every store allows, in the same places in every version", async () => {
    const places = async (app: string | null, company: CompanyKey) => {
      const { index, keys, soon } = open();
      await index.noteFirst([{ app, company }], id, soon());
      for (const key of keys()) expect(key.length).toBeLessThanOrEqual(36);
      return keys();
    };
    expect(await places(null, "id:7")).toEqual(["ac_companies_aMgfBTR8HVYGM1Pef_U_", "ac_company_7"]);
    expect(await places(null, "ref:id:7")).toEqual(["ac_companies_J_uzn4LGvGB67APGtfQ7", "ac_company_ref:id:7"]);
    expect(await places("app", "id:7")).toEqual([
      "ac_companies__AVFtm1T5GMbypRRsmVD",
      "ac_company_wp-hDPM-e-8Vm7i_dn6EVZ",
    ]);
  });

  it("have grants for as long as each lives, and their note for as long as the longest does", async () => {
    const { index, clock, writes, soon } = open();
    await index.note([acme], id, soon() + lifeMs);
    await index.note([acme], other, soon());
    expect(writes.map(([, life]) => life)).toEqual([2 * lifeMs, 2 * lifeMs]);
    clock.pass(lifeMs);
    expect(await index.idsOf(acme)).toEqual([id]);
  });

  it("leave nothing where their last grant has ended", async () => {
    const { index, keys, soon } = open();
    await index.note([acme, named], id, soon());
    await index.forget([acme, named], id);
    expect(keys()).toEqual([]);
  });

  it("have no grant of what else stands in their place", async () => {
    const { index, inner, keys, soon } = open();
    await index.note([acme], id, soon());
    const [place] = keys();
    await inner.write(place!, { [id]: String(soon()), "no id": soon(), [other]: soon() }, lifeMs);
    expect(await index.idsOf(acme)).toEqual([other]);
  });

  it("are listed for ten years, and for ten more where half of them have passed", async () => {
    const { index, clock, writes, soon } = open();
    const listed = () => writes.splice(0).flatMap(([key, life]) => (key.startsWith("ac_companies_") ? [life] : []));
    await index.noteFirst([acme], id, soon());
    expect(listed()).toEqual([tenYearsMs]);
    clock.pass(tenYearsMs / 2);
    await index.noteFirst([acme], id, soon());
    expect(listed()).toEqual([]);
    clock.pass(1);
    await index.noteFirst([acme], id, soon());
    expect(listed()).toEqual([tenYearsMs]);
    await index.note([acme], id, soon());
    expect(listed()).toEqual([]);
  });

  it("are listed by their first grant only, but where the session store forgets them sooner", async () => {
    const [unbound, bound] = [open(), open(lifeMs)];
    for (const { index, soon } of [unbound, bound]) await index.note([acme], id, soon());
    expect([await unbound.companies(), await bound.companies()]).toEqual([[], [{ company: 7, ids: [id] }]]);
    expect(bound.writes.map(([, life]) => life)).toEqual([lifeMs, lifeMs]);
  });

  it("are listed no longer once nobody finds a grant of theirs", async () => {
    const { index, companies, listings, soon } = open();
    await index.noteFirst([acme], id, soon());
    await index.forget([acme], id);
    expect(listings()).toHaveLength(1);
    expect(await companies()).toEqual([]);
    expect(listings()).toEqual([]);
  });

  it("stay listed where they connect again meanwhile", async () => {
    const { index, documents, inner, companies, writes, keys, soon } = open();
    await index.noteFirst([acme], id, soon());
    const place = keys().find((key) => !key.startsWith("ac_companies_"));
    await index.forget([acme], id);
    let again = true;
    documents.read = async (key) => {
      const found = await inner.read(key);
      if (key === place && again) {
        again = false;
        await index.noteFirst([acme], other, soon());
      }
      return found;
    };
    expect(await companies()).toEqual([]);
    expect(await companies()).toEqual([{ company: 7, ids: [other] }]);
    writes.length = 0;
    await companies();
    expect(writes).toEqual([]);
  });

  it("fill a page though something else is noted among them", async () => {
    const { index, inner, listings, companies, soon } = open();
    await index.noteFirst([acme], id, soon());
    const [place] = listings();
    await inner.write(place!, { "a name": soon(), "id:7": soon(), "ref:%": soon() }, lifeMs);
    expect(await companies(1)).toEqual([{ company: 7, ids: [id] }]);
  });
});
