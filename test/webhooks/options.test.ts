import { aircallAuth, aircallWebhooks, ConfigError, memoryGrants, type AircallWebhooksOptions } from "express-aircall";

const key = aircallAuth({ user: "id", password: "secret" });
const oauth = { oauthClientId: "c", oauthClientSecret: "s", callbackUrl: "http://localhost/callback" };
const path = "/aircall/events";
const on = { "call.ended": () => undefined };
const tokens = ["token"];

const complaint = (options: unknown) => {
  try {
    aircallWebhooks(options as AircallWebhooksOptions);
    return null;
  } catch (error) {
    return error instanceof ConfigError ? error.message : error;
  }
};

describe("aircallWebhooks(options)", () => {
  it.each([
    ["an API key", { auth: key, path, on, tokens }],
    [
      "companies that hold their grants",
      { auth: aircallAuth({ ...oauth, hold: "company", grants: memoryGrants() }), path, on },
    ],
    ["an address whose path is the route", { auth: key, url: "https://app.example.com/aircall/events", on, tokens }],
    ["onAny alone", { auth: key, path, onAny: () => undefined, tokens }],
    ["what is not given", { auth: key, path, on, tokens, url: undefined, answer: undefined, enqueue: undefined }],
    ["a handler that is switched off", { auth: key, path, on: { ...on, "call.created": undefined }, tokens }],
  ])("take %s", (_, options) => {
    expect(complaint(options)).toBeNull();
  });

  it.each([
    ["no auth", { path, on, tokens }, "auth must be what aircallAuth() returned"],
    ["another auth", { auth: () => undefined, path, on, tokens }, "auth must be what aircallAuth() returned"],
    ["grants of sessions", { auth: aircallAuth({ ...oauth, grants: memoryGrants() }), path, on }, 'hold: "company"'],
    ["no store", { auth: aircallAuth({ ...oauth, hold: "company" }), path, on }, "grants: redisGrants(client)"],
    ["no address", { auth: key, on, tokens }, "needs to know its address"],
    ["an address that is none", { auth: key, url: "/events", on, tokens }, "url is not a URL"],
    [
      "an address that crosses the network unencrypted",
      { auth: key, url: "http://app.example.com/e", on, tokens },
      "https",
    ],
    ["a path that is none", { auth: key, path: "events", on, tokens }, "path must be a path"],
    ["no handler", { auth: key, path, tokens }, "on must name handlers"],
    ["an empty table", { auth: key, path, on: {}, tokens }, "on names no event"],
    [
      "a misspelt event",
      { auth: key, path, on: { "call.endded": () => undefined }, tokens },
      'Did you mean "call.ended"?',
    ],
    ["an event of the prototype", { auth: key, path, on: { toString: () => undefined }, tokens }, "no event"],
    [
      "a handler that is none",
      { auth: key, path, on: { "call.ended": "log" }, tokens },
      'on["call.ended"] must be a function',
    ],
    ["onAny that is none", { auth: key, path, onAny: [], tokens }, "onAny must be a function"],
    ["onError that is none", { auth: key, path, on, onError: true, tokens }, "onError must be a function"],
    ["an answer that is none", { auth: key, path, on, answer: "late", tokens }, "answer must be early or handled"],
    ["no token for the app's one company", { auth: key, path, on }, "needs its webhook's token"],
    ["a token that the environment did not have", { auth: key, path, on, tokens: [undefined] }, "tokens[0] must be"],
    ["a token and no list", { auth: key, path, on, tokens: "token" }, "tokens must be a list"],
    ["a company that is none", { auth: key, path, on, tokens: [{ token: "t", company: 0 }] }, "tokens[0].company"],
    [
      "answer beside enqueue",
      { auth: key, path, on, tokens, answer: "early", enqueue: () => 1 },
      "with queue or enqueue",
    ],
    ["a queue that is none", { auth: key, path, on, tokens, queue: { add: () => 1 } }, "queue must be what bullQueue"],
    ["a worker without a queue", { auth: key, path, on, tokens, worker: false }, "give queue too"],
    ["no time", { auth: key, path, on, tokens, handlerTimeoutMs: 0 }, "handlerTimeoutMs"],
    ["no bytes", { auth: key, path, on, tokens, maxBytes: -1 }, "maxBytes"],
    ["a misspelt option", { auth: key, path, on, token: "t" }, 'Did you mean "tokens"?'],
    ["no options", undefined, "takes an object of options"],
  ])("refuse %s", (_, options, says) => {
    expect(complaint(options)).toContain(says);
  });

  it("never show a token", () => {
    const secret = "sesame-4711";
    expect(complaint({ auth: key, path, on, tokens: secret })).not.toContain(secret);
    expect(complaint({ auth: key, path, on, tokens: [{ token: secret, company: -1 }] })).not.toContain(secret);
  });
});
