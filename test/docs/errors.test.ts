import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as library from "express-aircall";
import type { AircallErrorCode, ApiErrorCode, SignInErrorCode, WebhookErrorCode } from "express-aircall";
import { anchorsOf } from "./pages";
import { refusalOf } from "../config/refusal";
import { impossibleSettings } from "../support/impossible-settings";

const page = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");

/** The cells of every row below this heading, up to the next of its kind. */
function rowsOf(heading: string): string[][] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  return section
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("| `") && !line.startsWith("| `code`"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

/** The text of a cell in backticks, as a pattern: `…` stands for anything. */
function patternOf(cell: string): RegExp {
  const parts = cell.replaceAll("`", "").split("…");
  return new RegExp(parts.map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&")).join(".*"));
}

const configPatterns = rowsOf("ConfigError").map(([, says = ""]) => patternOf(says));

describe("the page of errors", () => {
  it.each(impossibleSettings)("has a line for this setting, which is refused as the app starts: %s", (_what, start) => {
    const { message } = refusalOf(start);
    expect(configPatterns.filter((pattern) => pattern.test(message))).toHaveLength(1);
  });

  const codes: Record<SignInErrorCode, true> = {
    sign_in_denied: true,
    sign_in_failed: true,
    sign_in_refused: true,
    sign_in_state: true,
    sign_in_callback: true,
    sign_in_prefetch: true,
    sign_in_exchange: true,
    sign_in_profile: true,
    key_refused: true,
    already_connected: true,
  };

  const apiCodes: Record<Exclude<ApiErrorCode, "result_cap">, true> = {
    bad_request: true,
    unauthorized: true,
    credentials_refused: true,
    not_entitled: true,
    wrong_number_mode: true,
    not_found: true,
    not_allowed: true,
    agent_unavailable: true,
    conflict: true,
    unprocessable: true,
    server_error: true,
    api_error: true,
  };

  const webhookCodes: Record<WebhookErrorCode, true> = {
    webhook_token: true,
    webhook_body: true,
    webhook_method: true,
    webhook_type: true,
    webhook_too_large: true,
    webhook_slow: true,
    webhook_busy: true,
    webhook_handler_timeout: true,
  };

  const codesOf: Record<string, string[]> = {
    ApiError: Object.keys(apiCodes),
    ArgumentError: ["bad_argument"],
    ClosedError: ["closed"],
    ConnectionError: ["connection_failed"],
    NotConnectedError: ["not_connected"],
    RateLimitError: ["rate_limited"],
    ReconnectRequiredError: ["reconnect_required"],
    RenewalFailedError: ["renewal_failed"],
    ResultCapError: ["result_cap"],
    SignInError: Object.keys(codes),
    StoreError: ["store_failed"],
    TimeoutError: ["timeout"],
    TokenRefusedError: ["token_refused"],
    WebhookError: Object.keys(webhookCodes),
  };

  it("has every code of the type, and the type every code", () => {
    const others: Record<Exclude<AircallErrorCode, ApiErrorCode | SignInErrorCode | WebhookErrorCode>, true> = {
      config_invalid: true,
      bad_argument: true,
      not_connected: true,
      reconnect_required: true,
      renewal_failed: true,
      token_refused: true,
      store_failed: true,
      rate_limited: true,
      timeout: true,
      connection_failed: true,
      closed: true,
    };
    const typed = [...Object.keys({ ...codes, ...apiCodes, ...webhookCodes, ...others }), "result_cap"];
    expect([...Object.values(codesOf).flat(), "config_invalid"].sort()).toEqual(typed.sort());
  });

  it("has an anchor for each code, which the error names", () => {
    const codes = [...Object.values(codesOf).flat(), "config_invalid"];
    const anchors = anchorsOf({ path: "docs/errors.md", text: page });
    expect(codes.filter((code) => !anchors.includes(code))).toEqual([]);
    expect(new library.ConfigError("").docs).toBe("express-aircall/docs/errors.md#config_invalid");
  });

  it.each(Object.entries(codesOf))("has a line for each code of %s, and no other code", (name, known) => {
    const named = rowsOf(name).map(([, code = ""]) => code.replaceAll("`", ""));
    expect([...new Set(named)].sort()).toEqual([...known].sort());
  });

  it("has a part for every class of errors", () => {
    const classes = Object.keys(library).filter((name) => name.endsWith("Error") && name !== "AircallError");
    expect([...Object.keys(codesOf), "ConfigError"].sort()).toEqual(classes.sort());
  });

  it.each(["ConnectionError", "StoreError", "RenewalFailedError"])("has a line for what each %s says", (name) => {
    const patterns = rowsOf(name).map(([, , says = ""]) => patternOf(says));
    const texts = thrownTexts(name);
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((text) => !patterns.some((pattern) => pattern.test(text)))).toEqual([]);
  });
});

/** The plain texts with which the library makes errors of this class. */
function thrownTexts(name: string): string[] {
  const source = join(__dirname, "../../src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const making = new RegExp(`new ${name}\\(\\s*(?:[^()"]+,|"[^"]*",)?\\s*"([^"]{10,})"`, "g");
  return files.flatMap((file) =>
    Array.from(readFileSync(join(source, file), "utf8").matchAll(making), ([, text = ""]) => text),
  );
}
