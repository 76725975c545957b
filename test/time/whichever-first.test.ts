import { whicheverFirst } from "../../src/time/whichever-first";
import { polyfilledSignal } from "../support/polyfilled-signal";

describe("whicheverFirst", () => {
  it.each(["the first", "the second"])("ends with %s, where one is a polyfill's", (which) => {
    const [own, foreign] = [new AbortController(), polyfilledSignal()];
    const signal = whicheverFirst(own.signal, foreign.signal)!;
    expect(signal.aborted).toBe(false);
    if (which === "the first") own.abort("gone");
    else foreign.abort();
    expect(signal.aborted).toBe(true);
  });

  it("is the one that is there", () => {
    const { signal } = polyfilledSignal();
    expect([whicheverFirst(signal, undefined), whicheverFirst(undefined, undefined)]).toEqual([signal, undefined]);
  });
});
