import { companyKey, type CompanyKey } from "../../../src/config/company-id";
import { partOf, readCompanies } from "../../../src/grants/stores/company-pages";

const companies = Array.from({ length: 600 }, (_, at) => companyKey(at + 1));

/** The companies as a store notes them, those of `ended` without a grant, and what was read of it. */
function noted(keys: readonly CompanyKey[], ended: readonly CompanyKey[] = []) {
  const [partsRead, companiesRead]: [number[], CompanyKey[]] = [[], []];
  const parts = {
    read: (part: number) => {
      partsRead.push(part);
      return Promise.resolve(keys.filter((key) => partOf(key) === part).reverse());
    },
    idsOf: (company: CompanyKey) => {
      companiesRead.push(company);
      return Promise.resolve(ended.includes(company) ? [] : [`grant of ${company}`]);
    },
  };
  return { parts, partsRead, companiesRead };
}

async function walk({ parts }: ReturnType<typeof noted>, limit: number): Promise<[string, string[]][]> {
  const found: [string, string[]][] = [];
  let cursor: string | null = null;
  for (let pages = 0; cursor !== null || pages === 0; pages += 1) {
    if (pages > companies.length) throw new Error("The list has no end.");
    const page = await readCompanies(parts, cursor, limit);
    if (page.cursor !== null) expect(page.companies).toHaveLength(limit);
    found.push(...page.companies.map(({ company, ids }): [string, string[]] => [companyKey(company), [...ids]]));
    cursor = page.cursor;
  }
  return found;
}

const expected = (keys: readonly CompanyKey[]) => keys.map((key) => [key, [`grant of ${key}`]]);
const byPart = (keys: readonly CompanyKey[]) =>
  [...keys].sort((one, other) => partOf(one) - partOf(other) || (one < other ? -1 : 1));

describe("the companies of an app, read part by part", () => {
  it("are spread over all of the 256 parts", () => {
    const many = Array.from({ length: 5_000 }, (_, at) => partOf(`ref:tenant-${at}`));
    expect([new Set(many).size, Math.min(...many), Math.max(...many)]).toEqual([256, 0, 255]);
  });

  it.each([1, 2, 7, 599, 600, 601])("are found once each and in order, %i a page", async (limit) => {
    expect(await walk(noted(companies), limit)).toEqual(expected(byPart(companies)));
  });

  it.each([1, 2, 50])("are as many as a page may have, %i, where some without a grant stand between", async (limit) => {
    const ended = companies.filter((_, at) => at % 3 === 0);
    const left = byPart(companies.filter((key) => !ended.includes(key)));
    const { companies: page } = await readCompanies(noted(companies, ended).parts, null, limit);
    expect(page.map(({ company }) => companyKey(company))).toEqual(left.slice(0, limit));
    expect(await walk(noted(companies, ended), limit)).toEqual(expected(left));
  });

  it("are read no further than a page needs", async () => {
    const store = noted(companies);
    const first = byPart(companies).slice(0, 3);
    const page = await readCompanies(store.parts, null, 3);
    expect(store.companiesRead).toEqual(first);
    expect(store.partsRead.at(-1)).toBe(partOf(first[2]!));
    expect(page.cursor).not.toBeNull();
  });

  it("end where the last part does", async () => {
    const last = companies.filter((key) => partOf(key) === 255);
    const page = await readCompanies(noted(last).parts, null, last.length);
    expect([page.companies.length, page.cursor]).toEqual([last.length, null]);
    const none = noted([]);
    expect(await readCompanies(none.parts, null, 5)).toEqual({ companies: [], cursor: null });
    expect(none.partsRead).toEqual(Array.from({ length: 256 }, (_, part) => part));
  });

  it("go on behind a company that has gone meanwhile, whatever its name is", async () => {
    const odd = ["ref:a%0Ab", "ref:c%20d"] as const;
    for (const key of odd) {
      const page = await readCompanies(noted([]).parts, `${partOf(key)} ${key}`, 5);
      expect(page).toEqual({ companies: [], cursor: null });
      const { parts, companiesRead } = noted([key, ...companies]);
      await readCompanies(parts, `${partOf(key)} ${key}`, 1);
      expect(companiesRead).not.toContain(key);
    }
  });

  it("begin anew where a cursor is none", async () => {
    for (const cursor of ["", "x", "1", "x1 id:7", "1234 id:7"]) {
      const { parts, partsRead } = noted(companies);
      await readCompanies(parts, cursor, 1);
      expect(partsRead[0]).toBe(0);
    }
  });

  it("are none by a name that nobody gave", async () => {
    const key = "ref:%" as CompanyKey;
    const page = await readCompanies(noted([key]).parts, null, 5);
    expect(page).toEqual({ companies: [], cursor: null });
  });
});
