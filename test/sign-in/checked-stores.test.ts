import { memoryGrants, StoreError } from "express-aircall";
import { checkOnce } from "../../src/sign-in/checked-stores";

function checked(...answers: (() => Promise<void>)[]) {
  const check = jest.fn(() => (answers.shift() ?? (() => Promise.resolve()))());
  return { store: { ...memoryGrants(), check }, check };
}

describe("a store that signing in needs", () => {
  it("is checked once where it was found well, also by those who come meanwhile", async () => {
    const { store, check } = checked();
    await Promise.all([checkOnce(store), checkOnce(store)]);
    await checkOnce(store);
    expect(check).toHaveBeenCalledTimes(1);
  });

  it("is checked again where it failed", async () => {
    const failure = new StoreError("check", "it is away");
    const { store, check } = checked(() => Promise.reject(failure));
    const both = [checkOnce(store), checkOnce(store)];
    for (const one of both) await expect(one).rejects.toBe(failure);
    await checkOnce(store);
    expect(check).toHaveBeenCalledTimes(2);
  });

  it("is not asked what it cannot say", async () => {
    const { check: _none, ...store } = { ...memoryGrants(), check: undefined };
    await expect(checkOnce(store)).resolves.toBeUndefined();
  });
});
