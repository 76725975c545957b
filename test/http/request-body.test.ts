import { ConfigError } from "../../src/errors/errors";
import { encodeBody } from "../../src/http/request-body";

const ring: Record<string, unknown> = {};
ring["itself"] = { ring };

describe("encodeBody", () => {
  it.each<[object, string]>([
    [{}, "{}"],
    [{ a: undefined, b: null, c: [1, { d: "x" }] }, '{"b":null,"c":[1,{"d":"x"}]}'],
    [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [
      new (class Tag {
        name = "VIP";
      })(),
      '{"name":"VIP"}',
    ],
    [Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
  ])("writes %p as %s", (body, expected) => {
    expect(encodeBody(body)).toBe(expected);
  });

  it.each<[string, unknown, RegExp]>([
    ["a circle", ring, /holds itself/],
    ["a bigint", { id: 7n }, /"id" in the body is a bigint/],
    ["NaN", { id: NaN }, /"id" in the body is NaN/],
    ["a function", { list: [{ get: () => 1 }] }, /"get" in the body is a function/],
    ["a symbol", { a: Symbol("s3nt1nel") }, /"a" in the body is a symbol/],
    ["a Map within", { context: new Map([["a", 1]]) }, /"context" in the body is a Map/],
    ["a Set within", { tags: new Set([1]) }, /"tags" in the body is a Set/],
    ["a Buffer within", { file: Buffer.from("x") }, /"file" in the body is an? \w+/],
    ["a promise within", { user: Promise.resolve(1) }, /"user" in the body is a Promise/],
    ["no moment within", { at: new Date(NaN) }, /"at" in the body is an invalid Date/],
    ["nothing in a list", { tags: [1, undefined] }, /"1" in the body is a undefined/],
    ["a toJSON that answers nothing", { toJSON: () => undefined }, /its toJSON answers something else/],
    ["a toJSON that answers a list", { toJSON: () => [1] }, /its toJSON answers something else/],
    ["a FormData", new FormData(), /must be a plain object; got a FormData/],
    ["a URLSearchParams", new URLSearchParams("a=1"), /must be a plain object; got a URLSearchParams/],
    ["a Buffer", Buffer.from("{}"), /must be a plain object; got a Buffer/],
    ["a list", [1], /must be a plain object; got a list/],
    ["a text", "{}", /must be a plain object; got a string/],
    ["null", null, /must be a plain object; got null/],
  ])("refuses %s instead of losing it", (_what, body, message) => {
    expect(() => encodeBody(body as object)).toThrow(ConfigError);
    expect(() => encodeBody(body as object)).toThrow(message);
  });
});
