const { join } = require("node:path");
const { jest } = require("../package.json");
const { beside } = require("./matrix/beside.cjs");

/** For `npm run jest`: all that neither the matrix nor `npm run soak` runs. */
module.exports = {
  ...jest,
  rootDir: join(__dirname, ".."),
  testPathIgnorePatterns: ["/node_modules/", "/test/soak/soak[.]test[.]ts$", ...Object.values(beside).flat()],
};
