/** Bundles an app into one file: `node programs/bundle.cjs BUNDLER APP OUT`. */
const { basename, dirname, resolve } = require("node:path");

const [bundler, entry, out] = process.argv.slice(2);

/** Express and this library are CommonJS, which an ES module has no `require` for. */
const withRequire = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

const bundlers = {
  async esbuild(options = {}) {
    const { warnings } = await require("esbuild").build({
      ...{ entryPoints: [entry], outfile: out, bundle: true, platform: "node", logLevel: "silent" },
      ...options,
    });
    return warnings.map(({ text }) => text);
  },
  "esbuild --minify": () => bundlers.esbuild({ minify: true }),
  "esbuild --format=esm": () => bundlers.esbuild({ format: "esm", banner: { js: withRequire } }),
  webpack() {
    const output = { path: dirname(resolve(out)), filename: basename(out) };
    // webpack would write "production" in place of NODE_ENV, which is still to be chosen here.
    const options = {
      mode: "production",
      optimization: { nodeEnv: false, minimize: false },
      target: "node",
      entry,
      output,
    };
    return new Promise((settle, reject) => {
      require("webpack")(options, (error, stats) => {
        if (error ?? stats.hasErrors()) reject(error ?? new Error(stats.toString("errors-only")));
        else settle(stats.toJson({ warnings: true }).warnings.map(({ message }) => message));
      });
    });
  },
};

bundlers[bundler]().then((warnings) => console.log(JSON.stringify(warnings)));
