import { Admission, type SharedState } from "../../src/budget/admission";
import { createClockSkew } from "../../src/budget/clock-skew";
import { Window } from "../../src/budget/window";
import type { Lane } from "../../src/http/limiter";

const windowMs = 60_000;
const start = 1_000_000;
/** When a window ends that nobody named. */
const later = start + 61_000;
const nothing = { limit: null, remaining: null, resetAt: null };

function open({ limit = 20 } = {}) {
  const window = new Window({ limit, windowMs, skew: createClockSkew(windowMs) });
  const admission = new Admission(window);
  return {
    window,
    admission,
    room: (at = start, lane: Lane = "interactive", company: SharedState = "none", someoneWaits = true) =>
      admission.roomFor(lane, at, { company, someoneWaits }),
    opensIn: (at = start, lane: Lane = "interactive", company: SharedState = "none") =>
      admission.opensIn(lane, at, company),
    /** So many go, and are answered where it says so. */
    send: (count: number, { at = start, done = false } = {}) => {
      for (let n = 0; n < count; n += 1) {
        window.spend(at);
        admission.sent(at);
        if (done) admission.done(at);
      }
    },
    /** What the shared window answers. */
    agree: (used: number, { at = start, leftMs = windowMs } = {}) => {
      window.agree({ used, leftMs, granted: 0, limit: "" }, at);
      admission.agreed(at);
    },
  };
}

describe("the room of a window", () => {
  it("is what its lane has left, and none where others used more", () => {
    const { room, send, admission } = open();
    expect([room(), room(start, "bulk"), admission.inFlight]).toEqual([20, 10, 0]);
    send(12);
    expect([room(), room(start, "bulk"), admission.inFlight]).toEqual([8, 0, 12]);
    expect(room(later - 750, "bulk")).toBe(8);
  });

  it("opens as the window passes, or with the next one", () => {
    const { opensIn, agree } = open();
    expect(opensIn()).toBe(0);
    agree(10);
    expect([opensIn(), opensIn(start, "bulk")]).toEqual([0, 6_000]);
    agree(20);
    expect([opensIn(), opensIn(start + 1_000)]).toEqual([60_000, 59_000]);
  });
});

describe("a limit that was found by refusals", () => {
  function found() {
    const opened = open();
    opened.send(11, { done: true });
    for (let n = 0; n < 10; n += 1) opened.window.learn(nothing, start, start);
    opened.window.refuse(null, { pauseMs: 5_000, sentAt: start, now: start });
    expect(opened.window.at(start + 5_000)).toMatchObject({ used: 0, limit: 10 });
    return opened;
  }
  const at = start + 5_000;

  it("is tried out once it is used up, and not before", () => {
    const { room, send } = found();
    send(9, { at, done: true });
    expect(room(at, "interactive", "none", false)).toBe(1);
    send(1, { at, done: true });
    expect(room(at, "bulk")).toBe(0);
    expect(room(at)).toBe(1);
    send(1, { at, done: true });
    expect(room(at)).toBe(2);
  });

  it("is not tried out while something is under way that may be refused", () => {
    const { room, send, admission } = found();
    send(10, { at });
    expect(room(at)).toBe(0);
    for (let n = 0; n < 10; n += 1) admission.done(at);
    expect(room(at)).toBe(1);
  });

  it("is tried out by bulk requests at the very end of a window", () => {
    const { room, send } = found();
    send(10, { at, done: true });
    expect(room(at + 61_000 - 751, "bulk")).toBe(0);
    expect(room(at + 61_000 - 750, "bulk")).toBe(1);
  });
});

describe("the first request of a window that was waited for", () => {
  it("goes alone until it is answered", () => {
    const { room, send, admission } = open();
    send(20);
    expect(room(later)).toBe(1);
    admission.done(start);
    expect(room(later)).toBe(1);
    send(1, { at: later });
    expect([room(later), room(later + 999)]).toEqual([0, 0]);
    admission.done(start);
    expect(room(later)).toBe(0);
    admission.done(later);
    expect(room(later)).toBe(19);
  });

  it("keeps the others waiting for a second at most", () => {
    const { room, opensIn, send, agree } = open();
    send(20);
    room(later);
    send(1, { at: later });
    agree(0, { at: later });
    expect([opensIn(later), opensIn(later + 300)]).toEqual([1_000, 700]);
    expect(room(later + 1_000)).toBe(19);
  });

  it("is another one where it never left", () => {
    const { room, send, admission } = open();
    send(20);
    room(later);
    send(1, { at: later });
    admission.unsent(start);
    expect([room(later), admission.inFlight]).toEqual([0, 20]);
    admission.unsent(later);
    expect([room(later), admission.inFlight]).toEqual([1, 19]);
  });

  it("is one of many where nobody waits", () => {
    const { room, send, admission } = open();
    send(20);
    expect(room(later, "interactive", "none", false)).toBe(20);
    send(1, { at: later });
    admission.unsent(later);
    expect(room(later)).toBe(19);
  });

  it("goes alone too where somebody asked when there will be room", () => {
    const { room, opensIn, send } = open();
    send(20);
    expect(opensIn(later)).toBe(0);
    expect(room(later, "interactive", "none", false)).toBe(1);
  });

  it("opens no room where there is none", () => {
    const { room, window, send } = open();
    send(20);
    room(later);
    window.agree({ used: 20, leftMs: windowMs, granted: 0, limit: "" }, later);
    expect(room(later)).toBe(0);
  });
});

describe("where the shared window has the last word", () => {
  it("asks it again after a twelfth of a window, whatever is known here", () => {
    const { room, opensIn, agree, admission } = open();
    expect(admission.hasAgreed).toBe(false);
    agree(20);
    expect(admission.hasAgreed).toBe(true);
    expect([room(start + 4_999, "interactive", "asked"), room(start + 5_000, "interactive", "asked")]).toEqual([0, 1]);
    expect(room(start + 5_000, "interactive", "none")).toBe(0);
    expect(opensIn(start, "interactive", "asked")).toBe(5_000);
  });

  it("asks it where it never answered", () => {
    const { room, send } = open();
    send(20);
    expect([room(start, "interactive", "asked"), room(start, "interactive", "none")]).toEqual([1, 0]);
  });

  it("asks for more than one where that much is known to be left", () => {
    const { room, agree } = open();
    agree(12);
    expect(room(start + 6_000, "interactive", "asked")).toBe(8);
  });

  it("waits as long as the lane does, where that is less", () => {
    const { opensIn, agree } = open();
    agree(20, { leftMs: 4_000 });
    expect([opensIn(start, "interactive", "asked"), opensIn(start, "bulk", "asked")]).toEqual([4_000, 4_000]);
  });

  it("lets bulk requests of the process that had the most ask last", () => {
    const { room, opensIn, window, agree } = open();
    for (let n = 0; n < 6; n += 1) window.spend(start, "counted");
    agree(8);
    // Half a second, of which this process used 6 of 20.
    expect([room(start + 149, "bulk", "asked"), room(start + 150, "bulk", "asked")]).toEqual([0, 2]);
    expect([room(start, "bulk", "none"), room(start, "interactive", "asked")]).toEqual([2, 12]);
    expect([opensIn(start, "bulk", "asked"), opensIn(start, "interactive", "asked")]).toEqual([150, 0]);
    expect(opensIn(start + 100, "bulk", "asked")).toBe(150);
  });

  it("lets nobody ask last who has sent all alone", () => {
    const { room, opensIn, window, agree } = open();
    for (let n = 0; n < 6; n += 1) window.spend(start, "counted");
    agree(6);
    expect([room(start, "bulk", "asked"), opensIn(start, "bulk", "asked")]).toEqual([4, 0]);
  });

  it("waits for what it left to others, though it knows of room by then", () => {
    const { opensIn, window, agree } = open();
    for (let n = 0; n < 6; n += 1) window.spend(start, "counted");
    agree(8);
    window.agree({ used: 6, leftMs: windowMs, granted: 0, limit: "" }, start);
    expect(opensIn(start + 50, "bulk", "asked")).toBe(100);
  });
});

describe("where the shared window has fallen silent", () => {
  function alone({ own = 6, used = 8 } = {}) {
    const opened = open();
    for (let n = 0; n < own; n += 1) opened.window.spend(start, "counted");
    opened.agree(used);
    return opened;
  }

  it("goes on to this process's part of the window", () => {
    const { room } = alone({ own: 2, used: 4 });
    // Half of 20, and half of 10 for bulk requests.
    expect([room(start, "interactive", "alone"), room(start, "bulk", "alone")]).toEqual([8, 3]);
  });

  it("goes no further than the window has room", () => {
    expect(alone({ own: 9, used: 18 }).room(start, "interactive", "alone")).toBe(1);
    expect(alone({ own: 9, used: 20 }).room(start, "interactive", "alone")).toBe(0);
  });

  it("sends a tenth of the window at once, however little it sent before", () => {
    expect(alone({ own: 0, used: 8 }).room(start, "interactive", "alone")).toBe(2);
  });

  it("goes one by one beyond its part", () => {
    const { room, send } = alone({ own: 2, used: 10 });
    send(2);
    expect(room(start, "interactive", "alone")).toBe(0);
    const answered = alone({ own: 2, used: 10 });
    answered.send(2, { done: true });
    expect(answered.room(start, "interactive", "alone")).toBe(1);
  });

  it("looks every second whether the others are back", () => {
    const { opensIn, window } = alone({ own: 6, used: 20 });
    expect(opensIn(start, "interactive", "alone")).toBe(1_000);
    expect(opensIn(start + windowMs - 400, "interactive", "alone")).toBe(400);
    window.agree({ used: 0, leftMs: 300, granted: 0, limit: "" }, start);
    expect(opensIn(start, "interactive", "alone")).toBe(300);
  });
});
