import { inspect } from "node:util";
import { SignInError } from "express-aircall";
import { RefusedByApp } from "../../src/sign-in/refused-by-app";

describe("a company that the app does not let in", () => {
  it("learns why, as from any other sign-in that fails", () => {
    const error = new RefusedByApp("`companies` does not list it");
    expect(error).toBeInstanceOf(SignInError);
    expect([error.code, error.status, error.info]).toEqual(["sign_in_refused", 403, undefined]);
    expect(error.message).toBe("This Aircall company may not connect to this app: `companies` does not list it.");
  });

  it("does not learn what verify handed on for the app's own use", () => {
    const info = { note: "asked for it twice" };
    const error = new RefusedByApp("`verify` gave a falsy answer", info);
    expect(error.info).toBe(info);
    expect([JSON.stringify(error), inspect(error)].join()).not.toContain(info.note);
  });
});
