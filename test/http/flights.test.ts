import { Flights, takeOut } from "../../src/http/flights";

describe("flights", () => {
  it("are found by their key among many, until they have landed", () => {
    const flights = new Flights<{ key: string }>();
    const all = Array.from({ length: 5_000 }, (_, n) => ({ key: `a:1 https://api/v1/calls/${n}` }));
    all.forEach((flight) => flights.add(flight));
    expect(all.every((flight) => flights.get(flight.key) === flight)).toBe(true);
    all.slice(0, 4_999).forEach((flight) => flights.delete(flight));
    expect([flights.all(), flights.get(all[0]!.key)]).toEqual([[all[4_999]], undefined]);
  });

  it("keep apart those whose keys fall together", () => {
    const flights = new Flights<{ key: string }>();
    const [one, other] = [{ key: "Aa" }, { key: "BB" }];
    flights.add(one);
    flights.add(other);
    flights.delete(one);
    flights.delete(one);
    expect([flights.get("Aa"), flights.get("BB")]).toEqual([undefined, other]);
  });
});

describe("takeOut", () => {
  it("takes out one, and nothing where it is not there", () => {
    const list = [1, 2, 3];
    for (const one of [1, 3, 7]) takeOut(list, one);
    expect(list).toEqual([2]);
  });
});
