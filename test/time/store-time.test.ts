import { inTime } from "../../src/time/store-call";
import {
  apartFromRequest,
  createStoreTime,
  currentStoreTime,
  handedOn,
  noStoreTime,
  onComingStoreTime,
  onStoreTimeOf,
  storeTimeOf,
} from "../../src/time/store-time";

const open = { writableEnded: false, destroyed: false };

describe("the time that a request has for its stores", () => {
  function start(isOpen = () => true) {
    let at = 0;
    const clock = () => at;
    const time = createStoreTime(isOpen, { idle: clock, now: clock });
    const pass = (ms: number) => void (at += ms);
    const call = (ms: number, inVain = false) => {
      const ended = time.wait();
      pass(ms);
      ended(inVain);
    };
    return { time, pass, call };
  }

  it("is one for all slow calls together", () => {
    const { time, call } = start();
    expect(time.leftMs(2_000)).toBe(2_000);
    call(1_500);
    expect(time.leftMs(2_000)).toBe(900);
    call(900);
    expect(time.leftMs(2_000)).toBe(0);
  });

  it("is used up by one wait in vain, however short", () => {
    const { time, call } = start();
    call(200, true);
    expect(time.leftMs(2_000)).toBe(0);
  });

  it("is not touched by calls that are answered soon, however many", () => {
    const { time, call } = start();
    for (let n = 0; n < 10_000; n += 1) call(40);
    expect(time.leftMs(2_000)).toBe(2_000);
  });

  it("counts calls at the same time once", () => {
    const { time, pass } = start();
    const ends = [time.wait(), time.wait(), time.wait()];
    pass(1_000);
    expect(time.leftMs(2_000)).toBe(1_400);
    ends.forEach((end) => end(false));
    expect(time.leftMs(2_000)).toBe(1_400);
  });

  it("leaves a longer call its time where the app allows one", () => {
    const { time, call } = start();
    call(5_000);
    expect(time.leftMs(10_000)).toBe(7_000);
  });

  it("begins anew for a request that goes on for long", () => {
    const { time, pass, call } = start();
    call(2_000, true);
    pass(30_001);
    expect(time.leftMs(2_000)).toBe(2_000);
  });

  it("ends with the answer: what goes on afterwards is no part of the request", () => {
    let isOpen = true;
    const { time, call } = start(() => isOpen);
    call(2_000, true);
    isOpen = false;
    expect(time.leftMs(2_000)).toBe(2_000);
  });
});

describe("a call to a store", () => {
  const hanging = () => new Promise<never>(() => undefined);

  it("is not sent once another of the same request waited in vain", async () => {
    const asked = jest.fn(hanging);
    await onStoreTimeOf({}, open, async () => {
      await expect(inTime("read", asked, { timeoutMs: 20 })).rejects.toThrow("did not answer within 0.02 s");
      await expect(inTime("write", asked, { timeoutMs: 20 })).rejects.toThrow("has stopped answering");
    });
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("is sent for another request, for none, and for what must be tried", async () => {
    const asked = jest.fn(() => Promise.resolve("answer"));
    const first = {};
    await onStoreTimeOf(first, open, async () => {
      await inTime("read", hanging, { timeoutMs: 20 }).catch(() => undefined);
      expect(await apartFromRequest(() => inTime("undo", asked))).toBe("answer");
      expect(await onStoreTimeOf({}, open, () => inTime("read", asked))).toBe("answer");
    });
    expect(await inTime("read", asked)).toBe("answer");
    await expect(onStoreTimeOf(first, open, () => inTime("read", asked))).rejects.toThrow("has stopped answering");
  });

  it("counts for a request that turns out to have been its cause", async () => {
    const req = {};
    await onComingStoreTime(async () => {
      await inTime("read the session", hanging, { timeoutMs: 20 }).catch(() => undefined);
      await inTime("so far, of nobody", () => Promise.resolve());
      await onStoreTimeOf(req, open, () =>
        expect(inTime("read a grant", hanging)).rejects.toThrow("has stopped answering"),
      );
    });
  });

  it("is nobody's where there is no answer to wait for, as for a socket's handshake", async () => {
    await onStoreTimeOf({}, {}, async () => {
      await inTime("read", hanging, { timeoutMs: 20 }).catch(() => undefined);
      expect(currentStoreTime()?.leftMs(2_000)).toBe(2_000);
    });
  });
});

describe("the allowance of a request that is handed on", () => {
  const hanging = () => new Promise<never>(() => undefined);
  const answering = () => Promise.resolve("answer");
  const waitInVain = () => inTime("read", hanging, { timeoutMs: 20 }).catch(() => undefined);

  it("is the same by whichever way, and at most until the first await where it is handed once", async () => {
    const { once, throughout } = storeTimeOf({}, open);
    await once(waitInVain);
    await expect(once(() => inTime("read", answering))).rejects.toThrow("has stopped answering");
    await expect(throughout(() => Promise.resolve().then(() => inTime("read", answering)))).rejects.toThrow(
      "has stopped",
    );
    expect(await once(() => Promise.resolve().then(() => inTime("read", answering)))).toBe("answer");
    expect(await inTime("read", answering)).toBe("answer");
  });

  it("is taken along over an await, and left out by what must be tried", async () => {
    const { once } = storeTimeOf({}, open);
    await once(waitInVain);
    const reads = once(async () => {
      const further = handedOn();
      await Promise.resolve();
      return further(() => inTime("read", answering));
    });
    await expect(reads).rejects.toThrow("has stopped answering");
    expect(await once(() => apartFromRequest(() => inTime("undo", answering)))).toBe("answer");
    expect(await once(() => storeTimeOf({}, open).throughout(() => inTime("read", answering)))).toBe("answer");
  });

  it("is that which its session was read with", async () => {
    await onComingStoreTime(async () => {
      await waitInVain();
      const { once } = storeTimeOf({}, open);
      await expect(once(() => inTime("read a grant", answering))).rejects.toThrow("has stopped answering");
    });
  });

  it("is none for a job", async () => {
    expect(await noStoreTime.once(() => noStoreTime.throughout(answering))).toBe("answer");
  });
});
