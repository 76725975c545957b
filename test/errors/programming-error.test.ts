import { ConnectionError } from "../../src/errors/errors";
import { isProgrammingError } from "../../src/errors/programming-error";

const bug = new TypeError("fetch is not a function");

describe("a bug of what sends requests", () => {
  it.each([
    bug,
    new ReferenceError("Response is not defined"),
    new RangeError("invalid"),
    Object.assign(new Error("invalid keepAliveTimeout"), { name: "InvalidArgumentError" }),
    new Error("wrapped", { cause: bug }),
    new TypeError("fetch failed", { cause: bug }),
  ])("is told by its name, or by its cause's: %p", (error) => {
    expect(isProgrammingError(error)).toBe(true);
  });

  it.each(["fetch failed", "terminated", "Failed to fetch", "Network request failed", "Load failed"])(
    "is not how a fetch says that the network failed: %s",
    (message) => {
      expect(isProgrammingError(new TypeError(message))).toBe(false);
    },
  );

  it.each([
    new Error("ECONNRESET"),
    new TypeError("fetch failed", { cause: new Error("ECONNRESET") }),
    { name: "TypeError", message: "no error" },
    "TypeError",
    null,
  ])("is not %p", (error) => {
    expect(isProgrammingError(error)).toBe(false);
  });

  it("is no error of ours, whose cause tells nothing any more", () => {
    const cause = new TypeError("fetch failed");
    expect(isProgrammingError(new ConnectionError("GET /v1/users", "the connection broke.", { cause }))).toBe(false);
  });
});
