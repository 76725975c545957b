import { SignInError } from "express-aircall";
import { refusalOf } from "../../src/oauth/token-refusal";
import { createGetOAuthAccessToken } from "../../src/strategy/token-request";

type Params = Readonly<Record<string, string>>;

const raw = { access_token: "access-1", scope: "public_api" };
const tokens = { accessToken: "access-1", refreshToken: "refresh-1" as string | null, expiresAt: null };

/** In place of the token endpoint; what it is asked, and for how long. */
function opened(answer: () => Promise<typeof tokens> = () => Promise.resolve(tokens)) {
  const asked: [Params, number][] = [];
  const getToken = createGetOAuthAccessToken({
    exchange: () => Promise.reject(new Error("not this one")),
    renew: () => Promise.reject(new Error("not this one")),
    async request(params, timeoutMs) {
      asked.push([params, timeoutMs]);
      return { tokens: { ...(await answer()), obtainedAt: new Date() }, raw };
    },
  });
  const ask = (codeOrToken: string, params?: Params) =>
    new Promise<unknown[]>((resolve) => {
      if (params) getToken(codeOrToken, params, (...told) => resolve(told));
      else getToken(codeOrToken, (...told) => resolve(told));
    });
  return { asked, ask, getToken };
}

describe("getOAuthAccessToken", () => {
  it("sends a code, unless it is told that this is a refresh token", async () => {
    const { ask, asked } = opened();
    await ask("c0de");
    await ask("c0de", { redirect_uri: "https://app.example" });
    await ask("t0ken", { grant_type: "refresh_token", code: "another" });
    expect(asked).toEqual([
      [{ code: "c0de", grant_type: "authorization_code" }, 15_000],
      [{ redirect_uri: "https://app.example", code: "c0de", grant_type: "authorization_code" }, 15_000],
      [{ code: "another", refresh_token: "t0ken", grant_type: "refresh_token" }, 15_000],
    ]);
  });

  it("tells the tokens and the whole answer", async () => {
    expect(await opened().ask("c0de")).toEqual([null, "access-1", "refresh-1", raw]);
    const without = opened(() => Promise.resolve({ ...tokens, refreshToken: null }));
    expect(await without.ask("c0de")).toEqual([null, "access-1", undefined, raw]);
  });

  it("tells of a refusal as signing in does, and of a bug as it is", async () => {
    const refusal = refusalOf(400, "invalid_grant");
    const [error] = await opened(() => Promise.reject(refusal)).ask("c0de");
    expect(error).toBeInstanceOf(SignInError);
    expect(error).toMatchObject({ code: "sign_in_exchange", message: `Aircall gave no token: ${refusal.message}` });
    const bug = new RangeError("a bug");
    expect(await opened(() => Promise.reject(bug)).ask("c0de")).toEqual([bug]);
  });

  it("may be asked by who hears nothing of it", async () => {
    const { getToken, asked } = opened();
    (getToken as unknown as (code: string, params: Params) => void)("c0de", {});
    await new Promise(setImmediate);
    expect(asked).toHaveLength(1);
  });
});
