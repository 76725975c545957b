import fc from "fast-check";

const character = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

/** Text of any characters of Unicode: `unit: "binary"` lists all of them first, which takes seconds in every test file. */
export const anyUnicode: fc.Arbitrary<string> = fc.string({ unit: character });
