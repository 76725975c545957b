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
    const { signal } = new AbortController();
    expect(whicheverFirst(signal, undefined)).toBe(signal);
    expect(whicheverFirst(undefined, undefined)).toBeUndefined();
  });

  it("is of the platform's own kind, also where only a polyfill's is there", () => {
    const { signal, abort } = polyfilledSignal();
    const own = whicheverFirst(undefined, signal)!;
    expect(own).toBeInstanceOf(AbortSignal);
    abort();
    expect(own.reason).toMatchObject({ name: "AbortError" });
  });
});
