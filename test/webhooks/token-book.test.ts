import { memoryGrants, StoreError, type WebhookError } from "express-aircall";
import { createTokenBook, hashOf, ownersAmong } from "../../src/webhooks/token-book";
import { createClock } from "../support/grants";

const acme = { companyId: 7, companyRef: null };
const entry = { ...acme, webhookId: "w-1" };

function createBook() {
  const clock = createClock();
  const records = memoryGrants({ now: clock.now }).records("tokens");
  const store = { reads: 0, isAway: false };
  const get: typeof records.get = (key) => {
    store.reads += 1;
    return store.isAway ? Promise.reject(new StoreError("read", "it is away")) : records.get(key);
  };
  return { clock, records, store, book: createTokenBook({ ...records, get }, clock.now) };
}

const statusOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 200,
    (error: WebhookError) => error.status,
  );

describe("the book of tokens", () => {
  it("keeps a token's hash and its webhook's id, and not the token", async () => {
    const { book, records } = createBook();
    await book.keep("sesame-4711", entry);
    const kept = await records.list(null, 10);
    expect(kept.records.map(({ value }) => JSON.parse(value) as unknown)).toEqual([[entry]]);
    expect(JSON.stringify(kept)).not.toContain("sesame");
  });

  it("knows at once what it has kept, without asking the store", async () => {
    const { book, store } = createBook();
    await book.keep("t", entry);
    store.reads = 0;
    expect(await book.companiesOf("t")).toEqual([acme]);
    expect(store.reads).toBe(0);
  });

  it("asks the store once a minute for each token", async () => {
    const { book, clock, records, store } = createBook();
    await createTokenBook(records).keep("t", entry);
    store.reads = 0;
    for (let n = 0; n < 10; n++) expect(await book.companiesOf("t")).toEqual([acme]);
    expect(store.reads).toBe(1);
    clock.pass(60_000);
    await book.companiesOf("t");
    expect(store.reads).toBe(2);
  });

  it("lets a token that was taken away count for a minute at most", async () => {
    const { book, clock, records } = createBook();
    await book.keep("t", entry);
    await book.companiesOf("t");
    const [{ key } = { key: "" }] = (await records.list(null, 1)).records;
    await records.delete(key);
    clock.pass(59_000);
    expect(await statusOf(book.companiesOf("t"))).toBe(200);
    clock.pass(1_000);
    expect(await statusOf(book.companiesOf("t"))).toBe(401);
  });

  it("lets what it knows count while the store is away, and says of others that it cannot tell", async () => {
    const { book, clock, store } = createBook();
    await book.keep("t", entry);
    await book.companiesOf("t");
    store.isAway = true;
    clock.pass(3_600_000);
    store.reads = 0;
    for (let n = 0; n < 10; n++) expect(await book.companiesOf("t")).toEqual([acme]);
    expect(store.reads).toBe(1);
    expect(await statusOf(book.companiesOf("other"))).toBe(503);
    store.isAway = false;
    expect(await statusOf(book.companiesOf("other"))).toBe(401);
  });

  it("asks the store about twenty unknown tokens a second, whatever comes", async () => {
    const { book, clock, store } = createBook();
    const guesses = await Promise.all(Array.from({ length: 500 }, (_, n) => statusOf(book.companiesOf(`guess-${n}`))));
    expect(store.reads).toBe(20);
    expect(guesses.filter((status) => status === 401)).toHaveLength(20);
    expect(guesses.filter((status) => status === 503)).toHaveLength(480);
    clock.pass(1_000);
    expect(await statusOf(book.companiesOf("guess-1"))).toBe(401);
  });

  it("forgets a company's part of a token, and nothing that was kept anew meanwhile", async () => {
    const { book, records } = createBook();
    const globex = { companyId: null, companyRef: "globex" };
    await book.keep("shared", entry);
    await book.keep("shared", { ...globex, webhookId: "w-1" });
    await book.keep("own", entry);
    await book.keep("anew", entry);
    const forget = await book.forgetting(acme);
    await book.keep("anew", { ...entry, webhookId: "w-2" });
    await forget();
    expect((await records.list(null, 10)).records).toHaveLength(2);
    expect(await book.companiesOf("shared")).toEqual([globex]);
    expect(await statusOf(book.companiesOf("own"))).toBe(401);
    expect(await book.companiesOf("anew")).toEqual([acme]);
  });

  it("lets a store that failed rest for ten seconds for each token", async () => {
    const { book, clock, store } = createBook();
    await book.keep("t", entry);
    store.isAway = true;
    clock.pass(60_000);
    await book.companiesOf("t");
    store.reads = 0;
    clock.pass(9_999);
    await book.companiesOf("t");
    expect(store.reads).toBe(0);
    clock.pass(1);
    await book.companiesOf("t");
    expect(store.reads).toBe(1);
  });

  it("looks unknown tokens up again after a second, whichever way the clock went", async () => {
    const { book, clock, store } = createBook();
    const guess = (n: number) => statusOf(book.companiesOf(`guess-${n}`));
    for (let n = 0; n < 21; n++) await guess(n);
    clock.pass(999);
    expect(await guess(22)).toBe(503);
    clock.pass(-1_999);
    expect(await guess(23)).toBe(401);
    store.isAway = true;
    await expect(book.companiesOf("guess-24")).rejects.toMatchObject({
      code: "webhook_busy",
      message: expect.stringContaining("never seen here, and the store does not answer"),
      cause: expect.any(StoreError),
    });
  });

  it("keeps one token of several companies for each, and of one company once", async () => {
    const { book, records } = createBook();
    const ref = { companyId: null, companyRef: "7" };
    await book.keep("t", entry);
    await book.keep("t", { ...ref, webhookId: "w-2" });
    await book.keep("t", { ...entry, webhookId: "w-3" });
    expect(await book.companiesOf("t")).toEqual([ref, acme]);
    expect(await createTokenBook(records).companiesOf("t")).toEqual([ref, acme]);
    const kept = await records.list(null, 10);
    expect(JSON.parse(kept.records[0]!.value)).toEqual([
      { ...ref, webhookId: "w-2" },
      { ...entry, webhookId: "w-3" },
    ]);
  });

  it("keeps both of two that are kept at the same time", async () => {
    const { book, records } = createBook();
    const other = { companyId: 8, companyRef: null };
    await Promise.all([book.keep("t", entry), createTokenBook(records).keep("t", { ...other, webhookId: "w-1" })]);
    expect(await createTokenBook(records).companiesOf("t")).toHaveLength(2);
  });

  it("knows whether a webhook is kept for another company too, beyond the first page of the store", async () => {
    const { book } = createBook();
    const other = { companyId: 8, companyRef: null };
    for (let n = 0; n < 101; n++) await book.keep(`t-${n}`, { ...entry, webhookId: `w-${n}` });
    expect(await book.isShared("w-7", acme)).toBe(false);
    expect(await book.isShared("w-7", other)).toBe(true);
    expect(await book.isShared("w-101", other)).toBe(false);
    const shared = Array.from({ length: 101 }, (_, n) => book.isShared(`w-${n}`, other));
    expect(new Set(await Promise.all(shared))).toEqual(new Set([true]));
    expect(await createTokenBook(null).isShared("w-7", acme)).toBe(false);
  });

  it("tells companies apart by their id and by the app's name for them", async () => {
    const { book, records } = createBook();
    const globex = { companyId: null, companyRef: "globex" };
    await book.keep("t", { ...globex, webhookId: "w-1" });
    const before = await records.list(null, 10);
    expect(await book.isShared("w-1", globex)).toBe(false);
    expect(await book.isShared("w-1", { companyId: null, companyRef: "initech" })).toBe(true);
    const forget = await book.forgetting({ companyId: null, companyRef: "initech" });
    await forget();
    expect(await records.list(null, 10)).toEqual(before);
    expect(await book.companiesOf("t")).toEqual([globex]);
  });

  it.each([
    ["no list", '{"companyId":7}'],
    ["no record", "[null, 7]"],
    ["no webhook", '[{"companyId":7,"companyRef":null}]'],
    ["no company", '[{"companyId":null,"companyRef":null,"webhookId":"w-1"}]'],
    ["no company's id or name", '[{"companyId":"x","companyRef":"","webhookId":"w-1"}]'],
  ])("reads nobody's token where there stands %s", async (_what, value) => {
    const { book, records } = createBook();
    await records.put(hashOf("t").toString("base64url"), value, { version: null, lifeMs: 60_000 });
    expect(await statusOf(book.companiesOf("t"))).toBe(401);
  });

  it("of one company is in this process, without a store", async () => {
    const book = createTokenBook(null);
    expect(await statusOf(book.companiesOf("t"))).toBe(401);
    await book.keep("t", entry);
    await book.keep("late", entry);
    expect(await book.companiesOf("t")).toEqual([{ companyId: null, companyRef: null }]);
    const forget = await book.forgetting({ companyId: null, companyRef: null });
    await book.keep("anew", entry);
    await forget();
    expect(await Promise.all(["t", "late", "anew"].map((token) => statusOf(book.companiesOf(token))))).toEqual([
      ...[401, 401, 200],
    ]);
  });
});

describe("the owners of a token among the app's own", () => {
  it("are all whose hash it has", () => {
    const tokens = [
      { hash: hashOf("t"), company: 7 },
      { hash: hashOf("other"), company: 8 },
      { hash: hashOf("t"), company: { ref: "globex" } },
    ];
    expect(ownersAmong("t", tokens)).toEqual([acme, { companyId: null, companyRef: "globex" }]);
    expect(ownersAmong("u", tokens)).toEqual([]);
  });
});
