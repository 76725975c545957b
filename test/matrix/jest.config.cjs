const { join } = require("node:path");
const { jest } = require("../../package.json");

const { testEnvironment, transform, moduleNameMapper, reporters } = jest;
const rootDir = join(__dirname, "../..");
const shared = { rootDir, testEnvironment, transform, moduleNameMapper };

module.exports = {
  rootDir,
  maxWorkers: 3,
  testTimeout: jest.testTimeout,
  reporters,
  globalSetup: "<rootDir>/test/matrix/prepare.ts",
  projects: [
    {
      ...shared,
      displayName: "packed",
      roots: ["<rootDir>/test/matrix/checks"],
      testMatch: ["**/*.check.ts"],
    },
    {
      ...shared,
      displayName: "journeys",
      roots: ["<rootDir>/test"],
      // `npm test` has the first of them.
      testMatch: ["**/!(journey).browser.test.ts"],
    },
    {
      ...shared,
      displayName: "processes",
      roots: ["<rootDir>/test"],
      // Several, raced and killed: these took a seventh of the time of `npm test`.
      testMatch: ["**/*@(processes|kills|killed).test.ts"],
    },
  ],
};
