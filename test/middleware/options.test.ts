import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import express, { type RequestHandler } from "express";
import request from "supertest";
import { MemoryStore } from "express-session";
import {
  aircallAuth,
  aircallErrors,
  ConfigError,
  guardSessionStore,
  requireAircall,
  saveSessionFirst,
  type SessionGuardOptions,
} from "express-aircall";
import { sendError } from "../support/apps/connected-app";

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
    ["saveSessionFirst", saveSessionFirst],
  ])("of %s answer with what to write instead of never", async (name, maker) => {
    const app = express().use(maker as RequestHandler, sendError);
    const { status, body } = await request(app).get("/").timeout(2_000);
    expect([status, body]).toMatchObject([500, { code: "config_invalid" }]);
    expect(body.message).toContain(`Write ${name}():`);
  });
});

describe("forgotten parentheses of aircallErrors", () => {
  it("answer an error with what to write instead of letting it pass", async () => {
    const failing: RequestHandler = () => Promise.reject(new Error("of the app's own"));
    const app = express().use(failing, aircallErrors as never, sendError);
    const { status, body } = await request(app).get("/");
    expect([status, body]).toMatchObject([500, { code: "config_invalid" }]);
    expect(body.message).toContain("Write aircallErrors():");
  });

  it("answer a handler's own call too", () => {
    const request = Object.assign(new IncomingMessage(new Socket()), { url: "/" });
    expect(() => aircallErrors(request as never)).toThrow("Write aircallErrors():");
  });
});

describe("guardSessionStore", () => {
  it.each<[string, unknown, RegExp]>([
    ["a misspelled option", { timeoutMS: 5 }, /Unknown option "timeoutMS"\. Did you mean "timeoutMs"\?/],
    ["another misspelled option", { maxwaitng: 5 }, /Unknown option "maxwaitng"\. Did you mean "maxWaiting"\?/],
    ["an option of another door", { hold: "company" }, /Unknown option "hold"\. Known: timeoutMs, maxWaiting\./],
    ["a number", 2_000, /guardSessionStore\(store, options\) takes an object of options; got a number/],
    ["null", null, /takes an object of options; got null/],
  ])("refuses %s", (_what, options, message) => {
    const guard = () => guardSessionStore(new MemoryStore(), options as SessionGuardOptions);
    expect(guard).toThrow(ConfigError);
    expect(guard).toThrow(message);
  });
});
