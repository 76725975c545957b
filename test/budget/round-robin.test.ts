import fc from "fast-check";
import { RoundRobin } from "../../src/budget/round-robin";
import type { Asker } from "../../src/http/limiter";

interface Waiter {
  readonly asker: Asker;
  readonly name: string;
}

const asked = fc.record({
  session: fc.constantFrom<string | null>("s1", "s2", null),
  request: fc.integer({ min: 0, max: 3 }),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

/** Requests by name: each has one asker object. */
function askers() {
  const known = new Map<string, Asker>();
  return ({ session, request }: Asked): Asker => {
    const name = `${session} ${request}`;
    const asker = known.get(name) ?? { session };
    known.set(name, asker);
    return asker;
  };
}

function drain(rounds: RoundRobin<Waiter>): string[] {
  const names: string[] = [];
  for (let next = rounds.first(); next; next = rounds.first()) {
    names.push(next.name);
    rounds.rotate(next);
    rounds.delete(next);
  }
  return names;
}

function lineUp(...names: string[]): RoundRobin<Waiter> {
  const rounds = new RoundRobin<Waiter>();
  const askerOf = askers();
  for (const name of names) {
    const [session = "", request] = name.split(".");
    rounds.add({ name, asker: askerOf({ session: session === "-" ? null : session, request: Number(request) }) });
  }
  return rounds;
}

describe("rounds", () => {
  it.each<[string, string[], string[]]>([
    ["one request first come, first served", ["a.1", "a.1", "a.1"], ["a.1", "a.1", "a.1"]],
    ["sessions in turn", ["a.1", "a.1", "a.1", "b.1"], ["a.1", "b.1", "a.1", "a.1"]],
    ["the requests of a session in turn", ["a.1", "a.1", "a.2", "b.1", "b.1"], ["a.1", "b.1", "a.2", "b.1", "a.1"]],
    ["requests without a session in turn", ["-.1", "-.1", "-.1", "-.2", "-.3"], ["-.1", "-.2", "-.3", "-.1", "-.1"]],
  ])("serve %s", (_what, names, order) => {
    expect(drain(lineUp(...names))).toEqual(order);
  });

  it("take no notice of somebody who does not wait", () => {
    const rounds = lineUp("a.1", "b.1");
    rounds.rotate({ name: "c.1", asker: { session: "c" } });
    rounds.rotate({ name: "a.2", asker: { session: null } });
    expect([rounds.size, rounds.aheadOf({ session: "d" })]).toEqual([2, 2]);
    expect(drain(rounds)).toEqual(["a.1", "b.1"]);
  });

  it("say in advance who goes when", () => {
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 30 }), fc.nat(10), asked, (line, served, newcomer) => {
        const rounds = new RoundRobin<Waiter>();
        const askerOf = askers();
        line.forEach((one, n) => rounds.add({ asker: askerOf(one), name: String(n) }));
        for (let n = 0; n < served; n += 1) {
          const next = rounds.first();
          if (next) rounds.rotate(next);
          if (next) rounds.delete(next);
        }
        const ahead = rounds.aheadOf(askerOf(newcomer));
        rounds.add({ asker: askerOf(newcomer), name: "newcomer" });
        const order = [...rounds].map(({ name }) => name);

        expect(order[ahead]).toBe("newcomer");
        expect(drain(rounds)).toEqual(order);
        expect(rounds.size).toBe(0);
      }),
    );
  });

  it("forget who leaves, wherever it stands", () => {
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 20 }), fc.array(fc.nat(19)), (line, leaving) => {
        const rounds = new RoundRobin<Waiter>();
        const askerOf = askers();
        const waiters = line.map((one, n) => ({ asker: askerOf(one), name: String(n) }));
        for (const waiter of waiters) rounds.add(waiter);
        for (const n of leaving) if (waiters[n]) rounds.delete(waiters[n]);

        const left = waiters.filter((_waiter, n) => !leaving.includes(n));
        expect(rounds.size).toBe(left.length);
        expect(drain(rounds).sort()).toEqual(left.map(({ name }) => name).sort());
      }),
    );
  });
});
