import * as aircall from "express-aircall";
import * as simulator from "express-aircall/simulator";
import * as bullmq from "express-aircall/bullmq";
import * as otel from "express-aircall/otel";
import * as testing from "express-aircall/testing";
import * as webhooks from "express-aircall/webhooks";

describe("the doors", () => {
  it("of express-aircall are these", () => {
    expect(Object.keys(aircall).sort()).toEqual([
      "AircallClient",
      "AircallError",
      "AircallStrategy",
      "ApiError",
      "ArgumentError",
      "ClosedError",
      "ConfigError",
      "ConnectionError",
      "NotConnectedError",
      "RateLimitError",
      "ReconnectRequiredError",
      "RenewalFailedError",
      "ResultCapError",
      "SignInError",
      "StoreError",
      "TimeoutError",
      "TokenRefusedError",
      "WebhookError",
      "aircallAuth",
      "aircallErrors",
      "aircallWebhooks",
      "classicVerify",
      "createAircallClient",
      "fileGrants",
      "formatConnectionString",
      "guardSessionStore",
      "memoryGrants",
      "migrateGrants",
      "parseConnectionString",
      "postgresGrants",
      "redisGrants",
      "requireAircall",
      "saveSessionFirst",
      "sessionGrants",
    ]);
  });

  it("of express-aircall/simulator are these", () => {
    expect(Object.keys(simulator)).toEqual(["createSimulator"]);
  });

  it("of express-aircall/testing are these", () => {
    expect(Object.keys(testing)).toEqual(["describeGrantStore"]);
  });

  it("of express-aircall/bullmq are these", () => {
    expect(Object.keys(bullmq).sort()).toEqual(["AircallError", "ConfigError", "bullQueue"]);
  });

  it("of express-aircall/webhooks are these", () => {
    expect(Object.keys(webhooks).sort()).toEqual(["AircallError", "ConfigError", "WebhookError", "parseAircallEvent"]);
  });

  it("of express-aircall/otel are these", () => {
    expect(Object.keys(otel)).toEqual(["AircallInstrumentation"]);
  });
});
