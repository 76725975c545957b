const { join } = require("node:path");
const { jest } = require("../../package.json");
const { beside } = require("./beside.cjs");

const { testEnvironment, testSequencer, transform, moduleNameMapper, reporters } = jest;
const rootDir = join(__dirname, "../..");
const shared = { rootDir, testEnvironment, transform, moduleNameMapper };

module.exports = {
  rootDir,
  maxWorkers: 3,
  testTimeout: jest.testTimeout,
  reporters,
  testSequencer,
  globalSetup: "<rootDir>/test/matrix/prepare.ts",
  projects: [
    {
      ...shared,
      displayName: "packed",
      roots: ["<rootDir>/test/matrix/checks"],
      testMatch: ["**/*.check.ts"],
    },
    ...Object.entries(beside).map(([displayName, testRegex]) => ({
      ...shared,
      displayName,
      roots: ["<rootDir>/test"],
      testRegex,
    })),
  ],
};
