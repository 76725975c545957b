import { Context } from "../../src/time/context";

const name = (text: string) => ({ text });

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe("a context", () => {
  it("holds for its work and all that this begins, and for nothing beside", async () => {
    const context = new Context<{ text: string }>();
    const read = async (times: number) => {
      for (let n = 0; n < times; n += 1) await Promise.resolve();
      return context.current?.text;
    };
    const inside = [context.run(name("one"), () => read(5)), context.run(name("other"), () => read(2))];
    expect([...(await Promise.all(inside)), context.current]).toEqual(["one", "other", null]);
  });

  it("is over for what a work has left behind once that has settled, whoever else is at work", async () => {
    const context = new Context<{ text: string }>();
    const [first, second, behind] = [gate(), gate(), gate()];
    const seen: unknown[] = [];
    const left: Promise<unknown>[] = [];
    const one = context.run(name("one"), async () => {
      left.push(behind.opened.then(() => seen.push(context.current)));
      await first.opened;
    });
    const other = context.run(name("other"), async () => {
      await second.opened;
      seen.push(context.current?.text);
      throw new Error("failed");
    });
    first.open();
    await one;
    behind.open();
    await Promise.all(left);
    second.open();
    await expect(other).rejects.toThrow("failed");
    expect(seen).toEqual([null, "other"]);
    expect(await context.run(name("anew"), () => Promise.resolve().then(() => context.current?.text))).toBe("anew");
  });

  it("holds for good where its work says of no end", async () => {
    const context = new Context<{ text: string }>();
    const begun = gate();
    const later: Promise<unknown>[] = [];
    context.run(name("one"), () => void later.push(begun.opened.then(() => context.current?.text)));
    await context.run(name("other"), () => Promise.resolve());
    begun.open();
    expect(await Promise.all(later)).toEqual(["one"]);
  });

  it("is over where its work throws, and leaves out what is no part of it", () => {
    const context = new Context<{ text: string }>();
    const fail = () => {
      throw new Error("at once");
    };
    expect(() => context.run(name("one"), fail)).toThrow("at once");
    expect(context.run(name("one"), () => context.without(() => context.current))).toBeNull();
    expect(context.without(() => context.current)).toBeNull();
  });
});
