const { join } = require("node:path");
const { jest } = require("../../package.json");

const { testEnvironment, transform, reporters } = jest;

module.exports = {
  rootDir: join(__dirname, "../.."),
  roots: ["<rootDir>/test/site"],
  testMatch: ["**/*.check.ts"],
  testEnvironment,
  testTimeout: 120_000,
  transform,
  reporters,
};
