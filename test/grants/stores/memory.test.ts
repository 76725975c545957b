import { memoryGrants } from "../../../src/grants/stores/memory";
import { createClock, newGrant } from "../../support/grants";
import { describeGrantStore } from "./contract";

describeGrantStore("memoryGrants", (now) => ({ store: memoryGrants({ now }) }));

describe("memoryGrants", () => {
  it("forgets the grant that was not used for longest when it is full", async () => {
    const store = memoryGrants({ maxGrants: 2 });
    const [first, second] = [await store.create(newGrant(), 1_000), await store.create(newGrant(), 1_000)];
    await store.get(first);

    const third = await store.create(newGrant(), 1_000);

    expect(await Promise.all([first, second, third].map((id) => store.get(id)))).toEqual([
      expect.anything(),
      null,
      expect.anything(),
    ]);
  });

  it("keeps a grant for good when its life has no end", async () => {
    const clock = createClock();
    const store = memoryGrants({ now: clock.now });
    const id = await store.create(newGrant(), Infinity);
    clock.pass(1e12);

    expect(await store.get(id)).toMatchObject({ accessToken: "access-0" });
  });

  it("needs no encryption keys, since nothing leaves the process", () => {
    expect(memoryGrants().seals).toBe(true);
  });

  it("names itself and its options where one is misspelt, or they are none", () => {
    expect(() => memoryGrants({ maxGrant: 7 } as object)).toThrow(/maxGrant.*maxGrants, now/s);
    expect(() => memoryGrants(7 as never)).toThrow("memoryGrants(options) takes an object of options; got a number.");
  });
});
