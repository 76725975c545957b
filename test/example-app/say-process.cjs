/** Preloaded into a board under test: every answer says which process it came from. */
const { ServerResponse } = require("node:http");

const { writeHead } = ServerResponse.prototype;

ServerResponse.prototype.writeHead = function writeHeadAndSay(...args) {
  this.setHeader("X-Process", process.pid);
  return writeHead.apply(this, args);
};
