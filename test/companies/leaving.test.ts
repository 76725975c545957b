import { createLeaving } from "../../src/companies/leaving";

describe("what is to be done before a company is disconnected", () => {
  it("is waited for, whichever of it fails", async () => {
    const leaving = createLeaving();
    const done: unknown[] = [];
    leaving.listen(() => Promise.reject(new Error("Aircall is away.")));
    leaving.listen(async (company) => void (await new Promise(setImmediate), done.push(company)));
    const stop = leaving.listen(() => Promise.resolve(void done.push("never")));
    stop();
    await leaving.tell({ ref: "acme" });
    expect(done).toEqual([{ ref: "acme" }]);
  });

  it("is not waited for without end", async () => {
    const leaving = createLeaving(20);
    leaving.listen(() => new Promise(() => undefined));
    expect(await leaving.tell(7)).toBeUndefined();
  });
});
