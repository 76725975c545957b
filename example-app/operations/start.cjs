/* `npm start`: compiles what is not compiled yet, and serves the board. */
const cluster = require("node:cluster");
const { join } = require("node:path");
const { compileStale } = require("./compile.cjs");

const programs = [
  { name: "the library", sources: "src", project: "tsconfig.build.json", built: "dist/index.js" },
  {
    name: "the board",
    sources: "example-app",
    project: "example-app/tsconfig.json",
    built: "example-app/dist/operations/server.js",
  },
];

if (cluster.isPrimary && !compileStale(join(__dirname, "../.."), programs)) process.exit(1);
require("../dist/operations/server.js");
