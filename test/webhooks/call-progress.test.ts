import { callOf, isLater, latestOf, progressOf, type Progress } from "../../src/webhooks/call-progress";
import type { EventJson } from "../../src/webhooks/event";

function event(name: string, data: object, company: Partial<EventJson> = {}): EventJson {
  const sent = { sentAt: null, receivedAt: 0, source: "webhook" as const, kind: "webhook" as const };
  return {
    ...sent,
    id: "id",
    resource: "call",
    companyId: null,
    companyRef: null,
    name,
    data: { ...data },
    ...company,
  };
}

describe("the call that an event is about", () => {
  it.each<[string, object, string | null]>([
    ["call.ended", { id: 9 }, "own 9"],
    ["call.ended", { id: "9" }, "own 9"],
    ["call.ended", { call_id: 9 }, null],
    ["call.ended", { id: null }, null],
    ["transcription.created", { id: 1, call_id: 9 }, "own 9"],
    ["sentiment.created", { id: 1, call: { id: 9 } }, "own 9"],
    ["transcription.created", { call_id: 8, call: { id: 9 } }, "own 8"],
    ["contact.created", { id: 1 }, null],
    ["contact.created", { call: 9 }, null],
  ])("is found in %s with %j", (name, data, call) => {
    expect(callOf(event(name, data))).toBe(call);
  });

  it("is its company's", () => {
    expect(callOf(event("call.ended", { id: 9 }, { companyId: 7 }))).toBe("id:7 9");
    expect(callOf(event("call.ended", { id: 9 }, { companyRef: "acme" }))).toBe("ref:acme 9");
  });
});

describe("how far a call has come", () => {
  it.each<[string, object, Progress | null]>([
    ["call.created", { status: "initial" }, { status: 0, step: 0 }],
    ["call.ringing_on_agent", { status: "initial" }, { status: 0, step: 1 }],
    ["call.answered", { status: "answered" }, { status: 1, step: 2 }],
    ["call.hungup", { status: "done" }, { status: 2, step: 3 }],
    ["call.ended", { status: "done" }, { status: 2, step: 4 }],
    ["call.comm_assets_generated", { status: "done" }, { status: 2, step: 5 }],
    ["call.tagged", { status: "done" }, { status: 2, step: -1 }],
    ["call.ended", { status: "gone" }, null],
    ["call.ended", { status: 2 }, null],
    ["call.ended", {}, null],
    ["transcription.created", { status: "done" }, null],
  ])("is said by %s with %j", (name, data, progress) => {
    expect(progressOf(event(name, data))).toEqual(progress);
  });

  const at = (status: number, step: number): Progress => ({ status, step });

  it.each<[string, Progress, Progress, boolean]>([
    ["a later status, whatever the step", at(2, -1), at(1, 5), true],
    ["an earlier status, whatever the step", at(1, 5), at(2, 0), false],
    ["a later step of one status", at(2, 4), at(2, 3), true],
    ["the same step", at(2, 4), at(2, 4), false],
    ["an earlier step", at(2, 3), at(2, 4), false],
    ["what can come at any time", at(2, 4), at(2, -1), false],
    ["what comes first, beside that", at(2, 0), at(2, -1), false],
    ["what comes behind the first", at(2, 1), at(2, 0), true],
  ])("is later by %s", (_by, one, other, later) => {
    expect(isLater(one, other)).toBe(later);
  });

  it.each<[Progress, Progress, Progress]>([
    [at(2, 3), at(1, 5), at(2, 3)],
    [at(1, 5), at(2, -1), at(2, -1)],
    [at(2, 3), at(2, -1), at(2, 3)],
    [at(2, -1), at(2, 3), at(2, 3)],
    [at(2, 4), at(2, 3), at(2, 4)],
  ])("is the later of %j and %j", (one, other, latest) => {
    expect(latestOf(one, other)).toEqual(latest);
  });
});
