import express, { type RequestHandler } from "express";
import request from "supertest";
import { aircallAuth, aircallErrors, ConfigError, requireAircall } from "express-aircall";
import { sendError } from "../support/connected-app";

/** As somebody without TypeScript calls them. */
type Loose = (options: unknown) => unknown;

describe.each([
  ["requireAircall", requireAircall as Loose],
  ["aircallErrors", aircallErrors as Loose],
])("%s", (name, maker) => {
  it.each<[string, unknown, RegExp]>([
    ["a misspelled option", { signinPath: "/login" }, /Unknown option "signinPath"\. Did you mean "signInPath"\?/],
    ["an option of another door", { returnTo: "/" }, /Unknown option "returnTo"\. Known: signInPath\./],
    ["a path that is none", { signInPath: 7 }, /signInPath must be text; got a number/],
    ["an empty path", { signInPath: "" }, /signInPath is empty/],
    ["a path alone", "/login", new RegExp(`${name}\\(\\) takes an object.*got text`)],
    ["null", null, new RegExp(`${name}\\(\\) takes an object.*got null`)],
  ])("refuses %s when the app starts", (_what, options, message) => {
    expect(() => maker(options)).toThrow(ConfigError);
    expect(() => maker(options)).toThrow(message);
  });

  it("takes an option that is not set", () => {
    expect(maker({ signInPath: undefined })).toBeInstanceOf(Function);
  });
});

describe("forgotten parentheses", () => {
  it.each<[string, unknown]>([
    ["aircallAuth", aircallAuth],
    ["requireAircall", requireAircall],
    ["aircallErrors", aircallErrors],
  ])("of %s answer with what to write instead of never", async (name, maker) => {
    const app = express().use(maker as RequestHandler, sendError);
    const { status, body } = await request(app).get("/").timeout(2_000);
    expect([status, body]).toMatchObject([500, { code: "config_invalid" }]);
    expect(body.message).toContain(`Write ${name}():`);
  });
});
