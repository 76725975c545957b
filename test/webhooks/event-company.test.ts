import { aircallAuth } from "express-aircall";
import { clientOf, companyOf, eventCompany, keyOf } from "../../src/webhooks/event-company";
import type { CompanyLike, CompanyName } from "../../src/config/company-id";

describe("whose an event is", () => {
  it.each<[CompanyName | null, object, string]>([
    [null, { companyId: null, companyRef: null }, "own"],
    [7, { companyId: 7, companyRef: null }, "id:7"],
    [{ ref: "acme" }, { companyId: null, companyRef: "acme" }, "ref:acme"],
  ])("is written and read back: %j", (company, written, key) => {
    const event = eventCompany(company);
    expect([event, companyOf(event), keyOf(company)]).toEqual([written, company, key]);
  });

  it("is the app's own name for it where an event has both", () => {
    expect(companyOf({ companyId: 7, companyRef: "acme" })).toEqual({ ref: "acme" });
  });

  it("decides whose client it is; the app's one key needs no name", () => {
    const asked: unknown[] = [];
    const auth = aircallAuth({ user: "id", password: "secret" });
    const watched = { clientFor: (company: CompanyLike) => (asked.push(company), auth.clientFor(company)) };
    for (const company of [7, { ref: "acme" }, null]) clientOf(watched, company);
    expect(asked).toEqual([7, { ref: "acme" }, 1]);
    return auth.close();
  });
});
