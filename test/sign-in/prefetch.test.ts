import { isPrefetch } from "../../src/sign-in/prefetch";

describe("a request on suspicion", () => {
  it.each([
    { "sec-purpose": "prefetch" },
    { "sec-purpose": "prefetch;prerender" },
    { purpose: "prefetch" },
    { purpose: "Prerender" },
    { "x-purpose": "preview" },
    { "x-moz": "prefetch" },
  ])("says so: %j", (headers) => {
    expect(isPrefetch(headers)).toBe(true);
  });

  it.each([{}, { "sec-purpose": "" }, { purpose: "visit" }, { "user-agent": "prefetch" }])(
    "is none without a word: %j",
    (headers) => {
      expect(isPrefetch(headers)).toBe(false);
    },
  );
});
