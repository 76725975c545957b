import { keysIn, sealsWith } from "../../src/grants/encryption-keys";
import { refusalOf } from "../config/refusal";

const [one, other] = ["a key of thirty-two characters or so", "another key of thirty-two characters"];

describe("the keys in a variable", () => {
  it.each<[string, string | undefined, string[]]>([
    ["one", one, [one]],
    ["two", `${one},${other}`, [one, other]],
    ["two with blanks around them", ` ${one} ,\n ${other}\t`, [one, other]],
    ["empty ones between commas", `,${one}, ,`, [one]],
    ["nothing", "", []],
    ["no variable", undefined, []],
  ])("are read: %s", (_what, text, keys) => {
    expect(keysIn({ AIRCALL_ENCRYPTION_KEYS: text })).toEqual(keys);
    expect(keysIn({ FORMER: text }, "FORMER")).toEqual(keys);
  });
});

describe("seals", () => {
  it("open what one of the same key closed, for the same purpose only", () => {
    const [seal] = sealsWith([one], "grants");
    const [same] = sealsWith([one], "grants");
    const [elsewhere] = sealsWith([one], "cookies");
    const closed = seal!.close("text", "here");
    expect([same!.open(closed, "here"), elsewhere!.open(closed, "here")]).toEqual(["text", null]);
  });

  it("are made of keys of 32 characters, one each", () => {
    expect(sealsWith(["x".repeat(32), one], "grants")).toHaveLength(2);
  });

  it.each([
    [["short"], "encryptionKeys[0] must be a text of at least 32 characters."],
    [[one, ""], "encryptionKeys[1] must be a text of at least 32 characters."],
    [[one, "x".repeat(31)], "encryptionKeys[1] must be a text of at least 32 characters."],
    [[one, { length: 32 }], "encryptionKeys[1] must be a text of at least 32 characters."],
    ["no list", "encryptionKeys must be a list of secret texts, such as [process.env.GRANTS_KEY]."],
  ])("are not made of %j", (keys, message) => {
    expect(refusalOf(() => sealsWith(keys as string[], "grants")).message).toBe(message);
  });
});
