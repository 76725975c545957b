import { memoryGrants, StoreError, type WebhookError } from "express-aircall";
import { createTokenBook } from "../../src/webhooks/token-book";
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
    const { book } = createBook();
    const globex = { companyId: null, companyRef: "globex" };
    await book.keep("shared", entry);
    await book.keep("shared", { ...globex, webhookId: "w-1" });
    await book.keep("own", entry);
    await book.keep("anew", entry);
    const forget = await book.forgetting(acme);
    await book.keep("anew", { ...entry, webhookId: "w-2" });
    await forget();
    expect(await book.companiesOf("shared")).toEqual([globex]);
    expect(await statusOf(book.companiesOf("own"))).toBe(401);
    expect(await book.companiesOf("anew")).toEqual([acme]);
  });

  it("knows nobody where no token is kept", async () => {
    expect(await statusOf(createTokenBook(null).companiesOf("t"))).toBe(401);
  });
});
