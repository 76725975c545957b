import { newGrantId } from "../../../../src/grants/grant";
import { createRedisKeys } from "../../../../src/grants/stores/redis/keys";

const keys = createRedisKeys("ours:");
const id = newGrantId();
/** What Redis Cluster places a key by. */
const tagOf = (key: string) => /\{([^}]*)\}/.exec(key)?.[1];

describe("the names of keys in Redis", () => {
  it("are in every version the same, so that grants stay found", () => {
    expect([keys.grant(id), keys.link(id, "a"), keys.lock("a name")]).toEqual([
      ...[`ours:{${id}}:grant`, `ours:{${id}}:link:a`, "ours:{a name}:lock"],
    ]);
    expect(keys.grantAndLink(id)).toEqual([keys.grant(id)]);
    expect(keys.grantAndLink(id, "a")).toEqual([keys.grant(id), keys.link(id, "a")]);
    expect([keys.claim("attempt"), keys.outcome("attempt")]).toEqual([
      "ours:{attempt}:claim",
      "ours:{attempt}:outcome",
    ]);
    expect([keys.companies(null, 7), keys.companies("app", 7)]).toEqual([
      "ours:{companies::7}",
      "ours:{companies:app:7}",
    ]);
    expect([keys.records("marks", 3), keys.record("marks", 3, "a key")]).toEqual([
      ...["ours:{records:marks:3}", "ours:{records:marks:3}:a key"],
    ]);
  });

  it("name a company as before there were apps, where there is none", () => {
    expect(keys.company({ app: null, company: "id:7" })).toBe("ours:{company:7}:grants");
    expect(keys.company({ app: null, company: "ref:id:7" })).toBe("ours:{company:ref:id:7}:grants");
    expect(keys.company({ app: "app", company: "id:7" })).toBe("ours:{company:app:id:7}:grants");
    expect(keys.company({ app: "app", company: "ref:7" })).toBe("ours:{company:app:ref:7}:grants");
  });

  it("place what concerns a grant where that grant lies", () => {
    for (const key of [keys.claim(`${id}:renewal`), keys.outcome(`${id}:renewal`)]) expect(tagOf(key)).toBe(id);
    expect(keys.claim(`${id}:renewal`)).toBe(`ours:{${id}}:renewal:claim`);
    expect(keys.claim(`${id}renewal`)).toBe(`ours:{${id}renewal}:claim`);
    expect(keys.claim(`${id.slice(1)}/:renewal`)).toBe(`ours:{${id.slice(1)}/:renewal}:claim`);
    expect(keys.claim(id)).toBe(`ours:{${id}}:claim`);
  });

  it("to be tried are one of each kind there is, at which nothing stands", () => {
    const { values, indexes, prefix } = keys.toTry();
    expect(prefix).toBe("ours:");
    const [tried] = values.map((key) => tagOf(key)!);
    const plain = (key: string) => key.replaceAll(tried!, "ID");
    expect(values.map(plain)).toEqual([
      ...["ours:{ID}:grant", "ours:{ID}:link:tried", "ours:{ID}:claim", "ours:{ID}:outcome", "ours:{attempt:ID}:claim"],
      ...["ours:{ID}:lock", "ours:{company:ID}:budget", "ours:{company:ID}:limit", "ours:{records:tried:ID:0}:tried"],
    ]);
    expect(indexes.map(plain)).toEqual(["ours:{company:ID}:grants", "ours:{records:tried:ID:0}"]);
    expect(tagOf(keys.toTry().values[0]!)).not.toBe(tried);
  });
});
