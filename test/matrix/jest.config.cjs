const { join } = require("node:path");
const { jest } = require("../../package.json");

const { testEnvironment, transform, moduleNameMapper, testTimeout, reporters } = jest;
const rootDir = join(__dirname, "../..");
const shared = { rootDir, testEnvironment, transform };

module.exports = {
  rootDir,
  maxWorkers: 2,
  testTimeout,
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
