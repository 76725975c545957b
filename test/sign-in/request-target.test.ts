import express = require("express");
import { parameterOf, pathKeyOf, targetOf } from "../../src/sign-in/request-target";

describe("the target of a request", () => {
  it.each([
    ["/a", "/a", ""],
    ["/a?", "/a", ""],
    ["?b=1", "", "b=1"],
    ["/a?b=1?c", "/a", "b=1?c"],
    ["//evil.example/a?b", "//evil.example/a", "b"],
    ["https://app.example/a?b=1", "/a", "b=1"],
    ["https://app.example/a/", "/a/", ""],
    ["*", "*", ""],
  ])("of %s is a path and a query", (url, path, query) => {
    expect(targetOf(url)).toEqual({ path, query });
  });

  it("has a parameter where it stands there once", () => {
    const parameter = (url: string) => parameterOf({ url } as express.Request, "state");
    expect(["/a", "/a?b=1", "/a?state=1&state=2", "/a?state=", "/a?b&state=x%20y"].map(parameter)).toEqual([
      null,
      null,
      null,
      "",
      "x y",
    ]);
  });
});

describe("paths that are the same to an app's routes", () => {
  const paths = ["/", "/A/b", "/A/b/", "/a/B"];

  it.each<[string, string[], string[]]>([
    ["as apps are", [], ["/", "/a/b", "/a/b", "/a/b"]],
    ["by case", ["case sensitive routing"], ["/", "/A/b", "/A/b", "/a/B"]],
    ["by the slash", ["strict routing"], ["/", "/a/b", "/a/b/", "/a/b"]],
    ["by both", ["case sensitive routing", "strict routing"], paths],
  ])("are told apart %s", (_by, settings, keys) => {
    const app = express();
    for (const setting of settings) app.enable(setting);
    expect(paths.map(pathKeyOf({ app }))).toEqual(keys);
  });
});
