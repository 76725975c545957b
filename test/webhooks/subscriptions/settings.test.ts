import { readSubscribing } from "../../../src/webhooks/subscriptions/settings";
import { refusalOf } from "../../config/refusal";

const url = "https://app.example/aircall/events";

describe("what a company's webhook is to be", () => {
  it("has the events that are handled, and those that are named, once each", () => {
    const settings = readSubscribing({ url, events: ["call.tagged", "call.ended"] }, ["call.ended", "call.created"]);
    expect(settings).toEqual({ url, events: ["call.ended", "call.created", "call.tagged"], byItself: true });
  });

  it("is looked after by itself where Aircall is to send to an address of ours", () => {
    expect(readSubscribing({ url, source: "webhook" }, [])).toEqual({ url, events: [], byItself: true });
    expect(readSubscribing({ url, source: "poll" }, [])).toEqual({ url, events: [], byItself: false });
    expect(readSubscribing({}, ["call.ended"])).toEqual({ url: null, events: ["call.ended"], byItself: false });
    expect(refusalOf(() => readSubscribing({ url: "no address" }, [])).message).toContain("url");
  });

  it.each(["call.ended", "call.voicemail_left", "ai-voice.call.ended", "c.1"])("takes a name such as %s", (name) => {
    expect(readSubscribing({ events: [name] }, []).events).toEqual([name]);
  });

  it.each([
    [["call"]],
    [["Call.ended"]],
    [["call."]],
    [["call..ended"]],
    [[" call.ended"]],
    [["call.ended "]],
    [["1call.ended"]],
    [["call.ended", 7]],
    [[["call.ended"]]],
    ["call.ended"],
    [null],
  ])("refuses %j", (events) => {
    expect(refusalOf(() => readSubscribing({ url, events: events as never }, [])).message).toContain(
      'events must be a list of names such as "call.tagged"; got ',
    );
  });
});
