/** Compiles by swc what node loads: what a build by swc runs afterwards. */
const { transformFileSync } = require("@swc/core");

require.extensions[".ts"] = (module, file) => {
  const jsc = {
    parser: { syntax: "typescript", decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: "es2022",
    minify: { mangle: true, compress: true },
  };
  module._compile(transformFileSync(file, { jsc, module: { type: "commonjs" }, minify: true }).code, file);
};
