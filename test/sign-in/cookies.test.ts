import { createCookies } from "../../src/sign-in/cookies";
import { signInConfig } from "../support/apps/sign-in-config";

const [secure, plain] = [
  createCookies(signInConfig()),
  createCookies(signInConfig({ callbackUrl: "http://localhost:3000/auth/aircall/callback" })),
];

describe("the cookies of signing in", () => {
  it("are sent to this host alone, by https where the callback is", () => {
    expect(secure.nameOf("attempt")).toMatch(/^__Host-aircall_attempt_[\w-]{6}$/);
    expect(plain.nameOf("attempt")).toMatch(/^aircall_attempt_[\w-]{6}$/);
    expect(secure.keep("a", "b c", 60_400)).toBe("a=b%20c; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax");
    expect(plain.keep("a", "b", 59_500)).toBe("a=b; Max-Age=60; Path=/; HttpOnly; SameSite=Lax");
  });

  it("are removed by the same attributes", () => {
    expect(secure.remove("a")).toBe("a=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax");
  });

  it.each([
    ["client", { oauthClientId: "client-2" }],
    ["callback", { callbackUrl: "https://app.example/other/callback" }],
  ])("are each app's own, told apart by its %s", (_what, changes) => {
    const other = createCookies(signInConfig(changes));
    expect(other.nameOf("attempt")).not.toBe(secure.nameOf("attempt"));
    expect(createCookies(signInConfig()).nameOf("attempt")).toBe(secure.nameOf("attempt"));
  });
});
