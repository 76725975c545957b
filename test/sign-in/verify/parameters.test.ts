import { runInNewContext } from "node:vm";
import { readParameters } from "../../../src/sign-in/verify/parameters";

/** As JavaScript has it: TypeScript would write comments and defaults in its own way. */
function read(text: string) {
  return readParameters(runInNewContext(text) as () => unknown);
}

/** In an object, by any name. */
function readMethod(text: string) {
  return read(`Object.values({ ${text} })[0]`);
}

describe("the parameters of a function", () => {
  it.each<[string, number]>([
    ["() => 0", 0],
    ["a => 0", 1],
    ["a=>0", 1],
    ["async a => 0", 1],
    ["async => 0", 1],
    ["(a, b) => 0", 2],
    ["async(a, b) => 0", 2],
    ["async (a, b) => 0", 2],
    ["(a, b,) => 0", 2],
    ["(function () {})", 0],
    ["(function (a, b, c) {})", 3],
    ["(async function named(a) {})", 1],
    ["(a = 1, b, c = '') => 0", 3],
    ["(a = [1, 2], b = { c: 1, d: 2 }, e = Math.max(1, 2)) => 0", 3],
    ["({ a, b: { c } }, [d, e]) => 0", 2],
    ["(a = (b, c) => b, d) => 0", 2],
    ["(function (a = b => b, c) {})", 2],
    ["(a, b) => [a, (b, 1), { b, a }]", 2],
  ])("are counted, those with default values included: %s", (text, count) => {
    expect(read(text)).toEqual({ count, open: false });
  });

  it.each<[string, number]>([
    ["verify(a, b) {}", 2],
    ["async verify(a) {}", 1],
    ["async(a, b) {}", 2],
    ["verify: a => 0", 1],
    ["['a (b, c)'](d, e) {}", 2],
  ])("are those of a method: %s", (text, count) => {
    expect(readMethod(text)).toEqual({ count, open: false });
  });

  it.each<[string, number]>([
    ["(a /* , b, ( */, c) => 0", 2],
    ["(a /* one */, b /* , two */) => 0", 2],
    ["(a, // , b, d\n c) => 0", 2],
    ["(// a\n) => 0", 0],
    ["(/* a */) => 0", 0],
    ["(a = ',(', b = \"),\") => 0", 2],
    ["(a = '\\'),', b = \"\\\\\", c = `,\\`(`) => 0", 3],
    ["(a = '\"', b = ',\"') => 0", 2],
    ["(a = 'one', b = ',two') => 0", 2],
    ["(a = '//', b) => 0", 2],
    ["(a = '', b = ',') => 0", 2],
    ["(function (a) { return '{ [native code] }' })", 1],
    ["(function (a) { // { [native code] }\n })", 1],
    ["(function (a) { return 'arguments' /* arguments */ })", 1],
  ])("are nothing that stands in a text or a comment: %s", (text, count) => {
    expect(read(text)).toEqual({ count, open: false });
  });

  it.each<[string, number]>([
    ["(...a) => 0", 1],
    ["(a, b, ...c) => 0", 3],
    ["(function (a) { return arguments[1] })", 1],
    ["(function (a) { return f.apply(self, arguments) })", 1],
    ["(function () { return [...arguments] })", 0],
    ["(function () { return/* all */arguments })", 0],
    ["(function () { return f.apply(this, arguments[0]) })", 0],
    ["(function () { return f.apply(this, [arguments]) })", 0],
  ])("may be more, with rest parameters or `arguments`: %s", (text, count) => {
    expect(read(text)).toEqual({ count, open: true });
  });

  it.each(["verify(a) { return arguments[1] }", "'a b'(c) { return arguments[1] }"])(
    "may be more in a method too: %s",
    (text) => {
      expect(readMethod(text)).toEqual({ count: 1, open: true });
    },
  );

  it("are none of a class that has no constructor", () => {
    expect(read("(class { a = 1 })")).toEqual({ count: 0, open: false });
  });

  it.each([
    "(a) => arguments",
    "a => arguments",
    "async(a) => arguments",
    "async (a) => arguments[0]",
    "(function (a) { return myarguments + argumentsOf })",
    "(function (arguments) {})",
  ])("are no more where the `arguments` are not its own: %s", (text) => {
    expect(read(text)).toEqual({ count: 1, open: false });
  });

  it.each(["(a, b) => 0", "(...given) => 0", "(function (a) { return arguments })"])(
    "are not known of a bound function, or a proxy: %s",
    (text) => {
      expect(read(`(${text}).bind(null)`)).toEqual({ count: null, open: false });
      expect(read(`new Proxy(${text}, {})`)).toEqual({ count: null, open: false });
    },
  );

  it.each(["this, arguments", "void 0, arguments", "null, arguments", " this , arguments ", "this,arguments"])(
    "are another's where a wrapper hands on what it was given: .apply(%s)",
    (given) => {
      expect(read(`(function (a) { return f.apply(${given}) })`)).toEqual({ count: null, open: false });
      expect(read(`(function (a) { return f.apply(${given}), f.apply(${given}) })`).open).toBe(false);
      expect(read(`(function () { return arguments[0] || f.apply(${given}) })`)).toEqual({ count: null, open: true });
    },
  );

  it("are read from what the function is, not from what it says of itself", () => {
    expect(read("Object.assign((a, b) => 0, { toString: () => '() => 0' })")).toEqual({ count: 2, open: false });
  });
});
