import { getEventListeners, getMaxListeners } from "node:events";
import { ConfigError, TimeoutError } from "../../src/errors/errors";
import { withDeadline, type Deadline } from "../../src/time/deadline";
import { Cancellation } from "../../src/time/cancel";
import { polyfilledSignal } from "../support/polyfilled-signal";

const forever = () => new Promise<never>(() => undefined);
const request = "GET /v1/calls";

describe("withDeadline", () => {
  it("answers what the work answers", async () => {
    await expect(withDeadline({ request, timeoutMs: 100 }, () => Promise.resolve(7))).resolves.toBe(7);
  });

  it("ends work that ignores its signal, and names the request", async () => {
    const late = withDeadline({ request, timeoutMs: 20 }, forever);
    await expect(late).rejects.toMatchObject({ code: "timeout", request, timeoutMs: 20 });
    await expect(late).rejects.toBeInstanceOf(TimeoutError);
  });

  it("tells the work to stop, and ignores how it takes it", async () => {
    const heard: unknown[] = [];
    const work = ({ signal }: Deadline) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          heard.push(signal.reason);
          setImmediate(() => reject(new Error("left behind")));
        });
      });
    await expect(withDeadline({ request, timeoutMs: 20 }, work)).rejects.toBeInstanceOf(TimeoutError);
    expect(heard).toEqual([expect.any(TimeoutError)]);
  });

  it("ends with the caller's own reason when the caller gives up", async () => {
    const caller = new AbortController();
    const reason = new Error("the page was closed");
    const work = withDeadline({ request, timeoutMs: 1_000, signal: caller.signal }, forever);
    caller.abort(reason);
    await expect(work).rejects.toBe(reason);
  });

  it("does not begin for a caller that has given up already", async () => {
    const work = jest.fn(forever);
    const signal = AbortSignal.abort("gone");
    await expect(withDeadline({ request, timeoutMs: 1_000, signal }, work)).rejects.toBe("gone");
    expect(work).not.toHaveBeenCalled();
  });

  it.each([
    ["success", () => Promise.resolve(1), 1_000],
    ["failure", () => Promise.reject(new Error("no")), 1_000],
    ["a time-out", forever, 10],
  ])("leaves no listener and no timer behind after %s", async (_how, work, timeoutMs) => {
    const { signal } = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const stop = new CountingStop();
    await withDeadline({ request, timeoutMs, signal, stop }, work).catch(() => undefined);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    expect(stop.listening).toBe(0);
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it("lets one signal end a hundred requests before Node warns of a leak", async () => {
    const { signal } = new AbortController();
    await withDeadline({ request, timeoutMs: 1_000, signal }, () => Promise.resolve());
    // 0, with which newer Nodes begin, is no limit.
    expect(getMaxListeners(signal) || Infinity).toBeGreaterThanOrEqual(100);
  });

  it("ends with a signal that is not Node's own, such as a polyfill's without a reason", async () => {
    const { signal, abort } = polyfilledSignal();
    const work = withDeadline({ request, timeoutMs: 1_000, signal }, forever);
    abort();
    await expect(work).rejects.toMatchObject({ name: "AbortError" });
    await expect(withDeadline({ request, timeoutMs: 1_000, signal }, forever)).rejects.toThrow("aborted");
  });

  it("counts down by the clock it is given and never below zero", async () => {
    let time = 5_000;
    await withDeadline({ request, timeoutMs: 300, now: () => time }, (deadline) => {
      const left = [deadline.remainingMs()];
      for (const step of [100, 900]) {
        time += step;
        left.push(deadline.remainingMs());
      }
      expect(left).toEqual([300, 200, 0]);
      return Promise.resolve();
    });
  });

  it.each([0, -1, NaN, Infinity, 2 ** 31])("refuses %p milliseconds, which would fire at once", async (timeoutMs) => {
    await expect(withDeadline({ request, timeoutMs }, forever)).rejects.toBeInstanceOf(ConfigError);
  });
});

class CountingStop extends Cancellation {
  listening = 0;

  override onStop(heard: (reason: unknown) => void): () => void {
    const stopListening = super.onStop(heard);
    this.listening += 1;
    return () => {
      this.listening -= 1;
      stopListening();
    };
  }
}
