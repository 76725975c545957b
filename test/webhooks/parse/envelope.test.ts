import { readEnvelope } from "../../../src/webhooks/parse/envelope";
import { delivery } from "./deliveries";

describe("readEnvelope", () => {
  it("finds no token in an empty text, whoever knows which tokens", () => {
    expect(() => readEnvelope(delivery({ token: "" }))).toThrow("carries no token that is known here");
  });

  it("takes no text for a moment, were it of digits", () => {
    expect(readEnvelope(delivery({ timestamp: "1790000123" })).sentAt).toBeNull();
  });
});
