import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventNames, isEventName } from "../../../src/webhooks/events/names";

const known = JSON.parse(readFileSync(join(__dirname, "known-events.json"), "utf8")) as string[];

describe("the names of events", () => {
  it("are those that Aircall is known to send, and no others", () => {
    expect(known).toHaveLength(68);
    expect([...eventNames].sort()).toEqual([...known].sort());
  });

  it.each(["call.endded", "toString", "__proto__", ""])("do not include %j", (name) => {
    expect(isEventName(name)).toBe(false);
  });
});
