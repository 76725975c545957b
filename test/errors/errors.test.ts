import {
  AircallError,
  ApiError,
  ArgumentError,
  ClosedError,
  ConfigError,
  ConnectionError,
  NotConnectedError,
  RateLimitError,
  ReconnectRequiredError,
  RenewalFailedError,
  ResultCapError,
  SignInError,
  StoreError,
  TimeoutError,
  TokenRefusedError,
} from "../../src/errors/errors";
import { cleanText } from "../../src/errors/clean-text";

const rate = { limit: 120, remaining: 0, resetAt: new Date("2026-11-23T10:00:00Z") };
const refusal = {
  status: 404,
  code: "not_found",
  request: "GET /v1/calls/:id",
  title: "Not Found",
  troubleshoot: "Call not found",
  rate,
} as const;

const refused = {
  request: "GET /v1/calls/:id",
  title: "Not Found",
  troubleshoot: "Call not found",
  rate,
  retryAfterMs: null,
};

interface Row {
  readonly error: AircallError;
  readonly name: string;
  readonly code: string;
  readonly status: number;
  readonly facts?: object;
  readonly headers?: object;
}

const rows: Row[] = [
  { error: new ConfigError("Set it."), name: "ConfigError", code: "config_invalid", status: 500 },
  {
    error: new ArgumentError("It is none."),
    name: "ArgumentError",
    code: "bad_argument",
    status: 400,
    facts: { outcome: "not_sent" },
  },
  ...signInRows(),
  {
    error: new NotConnectedError("/auth/aircall"),
    name: "NotConnectedError",
    code: "not_connected",
    status: 401,
    facts: { signInPath: "/auth/aircall" },
  },
  {
    error: new ReconnectRequiredError(),
    name: "ReconnectRequiredError",
    code: "reconnect_required",
    status: 401,
    facts: { signInPath: null },
  },
  {
    error: new RenewalFailedError("busy.", 4_200),
    name: "RenewalFailedError",
    code: "renewal_failed",
    status: 503,
    facts: { retryAfterMs: 4_200 },
    headers: { "Retry-After": "5" },
  },
  {
    error: new TokenRefusedError(),
    name: "TokenRefusedError",
    code: "token_refused",
    status: 503,
    facts: { retryAfterMs: 60_000 },
    headers: { "Retry-After": "60" },
  },
  {
    error: new StoreError("save the session", "it did not answer"),
    name: "StoreError",
    code: "store_failed",
    status: 503,
    facts: { operation: "save the session" },
    headers: { "Retry-After": "2" },
  },
  {
    error: new ApiError(refusal),
    name: "ApiError",
    code: "not_found",
    status: 404,
    facts: { outcome: "refused", ...refused },
  },
  {
    error: new ResultCapError({ ...refusal, status: 400, code: "result_cap" }),
    name: "ResultCapError",
    code: "result_cap",
    status: 400,
    facts: { outcome: "refused", ...refused },
  },
  {
    error: new RateLimitError("GET /v1/calls", 10, rate),
    name: "RateLimitError",
    code: "rate_limited",
    status: 429,
    facts: { outcome: "not_sent", request: "GET /v1/calls", retryAfterMs: 10, rate },
    headers: { "Retry-After": "1" },
  },
  {
    error: new TimeoutError("GET /v1/calls", 30_000),
    name: "TimeoutError",
    code: "timeout",
    status: 504,
    facts: { outcome: "unknown", request: "GET /v1/calls", timeoutMs: 30_000 },
  },
  {
    error: new ConnectionError("GET /v1/calls", "it broke."),
    name: "ConnectionError",
    code: "connection_failed",
    status: 502,
    facts: { outcome: "unknown", request: "GET /v1/calls" },
  },
  {
    error: new ClosedError("GET /v1/calls"),
    name: "ClosedError",
    code: "closed",
    status: 503,
    facts: { outcome: "not_sent", request: "GET /v1/calls" },
  },
];

function signInRows(): Row[] {
  const statuses = {
    sign_in_denied: 403,
    sign_in_failed: 502,
    sign_in_refused: 403,
    sign_in_state: 400,
    sign_in_callback: 400,
    sign_in_prefetch: 503,
    sign_in_exchange: 502,
    sign_in_profile: 502,
  } as const;
  return Object.entries(statuses).map(([code, status]) => {
    const error = new SignInError(code as keyof typeof statuses, "No.", "access_denied");
    return { error, name: "SignInError", code, status, facts: { oauthError: "access_denied" } };
  });
}

describe.each(rows)("$name ($code)", ({ error, name, code, status, facts = {}, headers = {} }) => {
  it("says what it is, in fields and in JSON", () => {
    expect({ name: error.name, code: error.code, status: error.status }).toEqual({ name, code, status });
    expect(error.toJSON()).toEqual({ name, code, status, message: error.message, ...facts });
    expect(error.stack).toContain(error.message);
  });

  it("says to NestJS what to answer", () => {
    expect([error.statusCode, error.expose]).toEqual([status, status < 500]);
  });

  it("tells Express which headers to send", () => {
    expect(error.headers).toEqual(headers);
  });
});

describe("ResultCapError", () => {
  it("says once what to do, whatever Aircall said, whose words it keeps", () => {
    const troubleshoot = "Only the first 10 results can be paged through; narrow the query with from and to";
    const error = new ResultCapError({
      ...refusal,
      status: 400,
      code: "result_cap",
      title: "Bad Request",
      troubleshoot,
    });
    expect(error.message).toBe(
      "GET /v1/calls/:id was refused by Aircall (400 Bad Request): its results can be paged through no further. " +
        "Narrow the query, for instance with from and to.",
    );
    expect(error.troubleshoot).toBe(troubleshoot);
  });
});

describe("instanceof", () => {
  it("recognises errors of a second installed copy, class by class", () => {
    const copy = secondCopy();
    const error = new copy.ConnectionError("GET /v1/calls", "it broke.");
    expect(Object.getPrototypeOf(error)).not.toBe(ConnectionError.prototype);
    expect(error).toBeInstanceOf(AircallError);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).not.toBeInstanceOf(ConfigError);
  });

  it("tells classes apart that a minifier gave one name", () => {
    const copy = secondCopy();
    for (const type of [copy.ConfigError, copy.ConnectionError]) Object.defineProperty(type, "name", { value: "a" });
    const error = new copy.ConnectionError("GET /v1/calls", "it broke.");
    expect(error).toBeInstanceOf(copy.ConnectionError);
    expect(error).not.toBeInstanceOf(copy.ConfigError);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).not.toBeInstanceOf(ConfigError);
  });

  it.each([null, undefined, "ConfigError", { name: "ConfigError" }, new Error("ConfigError")])(
    "refuses %p",
    (value) => {
      expect(value instanceof ConfigError).toBe(false);
      expect(value instanceof AircallError).toBe(false);
    },
  );

  it("lets an app have children of its own", () => {
    class QuotaError extends ConfigError {}
    expect(new QuotaError("No.")).toBeInstanceOf(ConfigError);
    expect(new ConfigError("No.")).not.toBeInstanceOf(QuotaError);
  });

  function secondCopy(): typeof import("../../src/errors/errors") {
    const copies: (typeof import("../../src/errors/errors"))[] = [];
    jest.isolateModules(() => void copies.push(jest.requireActual("../../src/errors/errors")));
    return copies[0]!;
  }
});

describe("cause", () => {
  it("stays whole when it is ours", () => {
    const cause = new StoreError("read a grant", "it did not answer");
    expect(new ReconnectRequiredError(null, { cause }).cause).toBe(cause);
  });

  it.each([
    ["a refused connection", { code: "ECONNREFUSED", syscall: "connect" }, "connect ECONNREFUSED"],
    ["a session file", { code: "EACCES", syscall: "open", path: "/sessions/s3nt1nel.json" }, "open EACCES"],
    ["a code that is none", { code: "SET ac_1 s3nt1nel" }, "no details"],
    ["a name that is none", { name: "s3nt1nel" }, "no details"],
    ["what it carries", { command: { args: ["SET", "s3nt1nel"] }, response: { body: "s3nt1nel" } }, "no details"],
  ])("keeps of %s what cannot be a secret", (_, properties, message) => {
    const foreign = Object.assign(new Error("s3nt1nel in /sessions/s3nt1nel.json"), properties);
    const cause = new StoreError("save the session", "it failed", { cause: foreign }).cause as Error;
    expect(cause.message).toBe(message);
    expect(cause.stack).toBeUndefined();
    expect(JSON.stringify({ ...cause, name: cause.name })).not.toContain("s3nt1nel");
  });

  it("keeps the word a refusal of Redis begins with", () => {
    const cause = new Error("READONLY You can't write against a read only replica. s3nt1nel");
    const kept = new StoreError("keep a grant", "it failed", { cause }).cause;
    expect(kept).toMatchObject({ code: "READONLY", message: "READONLY" });
  });

  it.each(["text", 42, null, Symbol("s")])("survives a thrown %p", (cause) => {
    expect(new StoreError("keep a grant", "it failed", { cause }).cause).toMatchObject({ message: "no details" });
  });
});

describe("cleanText", () => {
  it("masks a number as addresses write it", () => {
    expect(cleanText("?to=%2B1+555%20555-0142&x=1")).toBe("?to=%2B[number]&x=1");
  });

  it.each(["+44 20 7946 0018", "+15550100199", "212 (555) 0100", "030/5550 100", "01 99 00 12 34", "555.010.0199"])(
    "masks %s",
    (number) => expect(cleanText(`The number ${number} is busy`)).toBe("The number [number] is busy"),
  );

  it("masks every secret it is told, also at the end", () => {
    expect(cleanText("got tok-1, tok-2 and tok-1", ["tok-1", "", "tok-2"])).toBe("got [secret], [secret] and [secret]");
  });

  it("shows control characters in place of obeying them", () => {
    expect(cleanText("no\r\nGET / admin\u2028\u001b[31m")).toBe("no\\u000d\\u000aGET / admin\\u2028\\u001b[31m");
  });

  it("ends after 300 characters, whatever was in them", () => {
    expect(cleanText("x".repeat(301))).toBe("x".repeat(300));
    expect(cleanText("\n".repeat(300))).toHaveLength(300);
  });

  it("cuts no number in two", () => {
    expect(cleanText(`${"x".repeat(294)}+4420 7946 0018`)).toBe(`${"x".repeat(294)}[numbe`);
  });

  it("stays quick on a text made to slow it down", () => {
    const startedAt = performance.now();
    cleanText("1 ".repeat(5) + "1  -  ".repeat(100_000) + "%20".repeat(100_000) + "%2".repeat(100_000));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
