import { memoryGrants } from "express-aircall";
import { createSubscriptions } from "../../../src/webhooks/subscriptions/records";
import { createClock } from "../../support/grants";

const acme = { companyId: null, companyRef: "acme" };
const yearMs = 365 * 86_400_000;

function open() {
  const clock = createClock();
  const records = memoryGrants({ now: clock.now }).records("webhooks:app");
  return { clock, records, subscriptions: createSubscriptions(records) };
}

describe("what is remembered of a company's webhook", () => {
  it("is read as it was written last, by company, until it is forgotten", async () => {
    const { subscriptions } = open();
    const kept = { webhookId: "w-1", surplus: { "call.tagged": 7 } };
    expect(await subscriptions.read(acme)).toBeNull();
    await subscriptions.write(acme, { webhookId: null, surplus: {} });
    await subscriptions.write(acme, kept);
    await subscriptions.write({ companyId: 7, companyRef: null }, { webhookId: null, surplus: {} });
    expect(await subscriptions.read(acme)).toEqual(kept);
    expect(await subscriptions.read({ companyId: 7, companyRef: null })).toEqual({ webhookId: null, surplus: {} });
    await subscriptions.forget(acme);
    expect(await subscriptions.read(acme)).toBeNull();
  });

  it("is kept for a year", async () => {
    const { clock, subscriptions } = open();
    await subscriptions.write(acme, { webhookId: "w-1", surplus: {} });
    clock.pass(yearMs - 1);
    expect(await subscriptions.read(acme)).not.toBeNull();
    clock.pass(1);
    expect(await subscriptions.read(acme)).toBeNull();
  });

  it.each<[string, object | null]>([
    ['{"webhookId":"w-1"}', { webhookId: "w-1", surplus: {} }],
    ['{"webhookId":"w-1","surplus":{"a":1,"b":"2","c":null}}', { webhookId: "w-1", surplus: { a: 1 } }],
    ['{"webhookId":null,"surplus":7}', { webhookId: null, surplus: {} }],
    ['{"webhookId":7}', null],
    ["{}", null],
    ["{", null],
    ["null", null],
  ])("is what can be read of %s", async (value, expected) => {
    const { records, subscriptions } = open();
    await records.put("ref:acme", value, { version: null, lifeMs: yearMs });
    expect(await subscriptions.read(acme)).toEqual(expected);
  });
});
