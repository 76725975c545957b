import { ConnectionError } from "../../src/errors/errors";
import { createOrder } from "../../src/pagination/order";

describe("the order of a list", () => {
  it("is kept until the list steps back, and lost once it steps back by more than a minute", () => {
    const order = createOrder("GET /v1/calls", 1);
    const after = (seconds: number) => {
      order.stepBack(seconds);
      return [order.kept, order.lost];
    };
    expect([order.sign, order.kept, order.lost]).toEqual([1, true, false]);
    expect([0, 1, 60, 61, 5].map(after)).toEqual([
      [true, false],
      [false, false],
      [false, false],
      [false, true],
      [false, true],
    ]);
  });

  it("may not be lost once something was left out for its sake", () => {
    const order = createOrder("GET /v1/calls", -1);
    order.rely();
    expect(() => order.stepBack(60)).not.toThrow();
    const late = () => order.stepBack(61);
    expect(late).toThrow(ConnectionError);
    expect(late).toThrow(/GET \/v1\/calls.*not in the order that it was asked for/);
  });
});
