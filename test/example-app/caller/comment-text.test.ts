import { faultOfComment } from "../../../example-app/caller/comment-text";

describe("what stands against a comment", () => {
  it.each(["Call after 5 pm.", "Grüße, 你好, № 5 — 50 € ±2 ½", "Brand™ © 2026 ®", "1 # * :-) <3", "x".repeat(2_000)])(
    "is nothing: %.40s",
    (text) => expect(faultOfComment(text, 4)).toBeNull(),
  );

  it.each([
    ["Thanks 🙂", "🙂"],
    ["👩‍👩‍👧 family", "👩"],
    ["❤", "❤"],
    ["Great 👍🏽", "👍"],
    ["Flag 🇫🇷", "🇫"],
    ["Key 1️⃣", "⃣"],
  ])("is an emoji, which it names: %s", (text, emoji) => {
    expect(faultOfComment(text, 0)).toBe(`Aircall takes no emoji in comments. Take ${emoji} out and save again.`);
  });

  it.each([
    ["", 0, "Write something first."],
    ["The sixth", 5, "This call has 5 comments, and room for no more. Use another of their calls."],
    ["x".repeat(2_001), 0, "That is longer than 2000 characters. Shorten it."],
  ])("is said of %.10p with %p comments", (text, comments, fault) =>
    expect(faultOfComment(text, comments)).toBe(fault),
  );
});
