import { Cancellation } from "../../src/time/cancel";

describe("Stop", () => {
  it("tells everybody who listens why, once", () => {
    const stop = new Cancellation();
    const heard: unknown[] = [];
    stop.onStop((reason) => heard.push(reason));
    stop.onStop((reason) => heard.push(reason));
    stop.stop("enough");
    stop.stop("more");
    expect(heard).toEqual(["enough", "enough"]);
    expect(stop.stopped).toBe(true);
  });

  it("tells those who come late at once", () => {
    const stop = new Cancellation();
    stop.stop("enough");
    const heard: unknown[] = [];
    stop.onStop((reason) => heard.push(reason));
    expect(heard).toEqual(["enough"]);
  });

  it("leaves those alone who no longer listen", () => {
    const stop = new Cancellation();
    const heard = jest.fn();
    stop.onStop(heard)();
    stop.stop("enough");
    expect(heard).not.toHaveBeenCalled();
  });

  it("throws its reason where work must not go on", () => {
    const stop = new Cancellation();
    expect(() => stop.throwIfStopped()).not.toThrow();
    stop.stop(new Error("enough"));
    expect(() => stop.throwIfStopped()).toThrow("enough");
  });

  it.each([
    ["before", true],
    ["after", false],
  ])("gives a signal that aborts with its reason, asked for %s it stopped", (_when, before) => {
    const stop = new Cancellation();
    const early = before ? stop.signal : null;
    stop.stop("enough");
    expect(stop.signal).toMatchObject({ aborted: true, reason: "enough" });
    expect(early ?? stop.signal).toBe(stop.signal);
  });
});
