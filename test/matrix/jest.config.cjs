const { join } = require("node:path");
const { jest } = require("../../package.json");

const { testEnvironment, transform, moduleNameMapper, reporters } = jest;
const rootDir = join(__dirname, "../..");
const shared = { rootDir, testEnvironment, transform };

module.exports = {
  rootDir,
  maxWorkers: 2,
  testTimeout: 120_000,
  reporters,
  globalSetup: "<rootDir>/test/matrix/prepare.ts",
  projects: [
    {
      ...shared,
      displayName: "packed",
      roots: ["<rootDir>/test/matrix/checks"],
      testMatch: ["**/*.check.ts"],
      moduleNameMapper,
    },
  ],
};
