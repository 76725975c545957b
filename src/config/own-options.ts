import { ConfigError } from "../errors/errors";
import { refuseUnknown } from "./unknown-option";
import { kindOf } from "./values";

/**
 * A copy with nothing but the options' own properties: a polluted prototype sets no option. `maker` is whom errors name.
 * @throws {ConfigError} they are no object.
 */
export function ownOptions<Options extends object>(options: Options, maker: string): Options {
  if (kindOf(options) !== "an object") {
    throw new ConfigError(`${maker} takes an object of options; got ${kindOf(options)}.`);
  }
  return { __proto__: null, ...options };
}

/**
 * The same, where all of them are known.
 * @throws {ConfigError} they are no object, or one is misspelt.
 */
export function knownOptions<Options extends object>(
  options: Options,
  maker: string,
  known: readonly (keyof Options & string)[],
): Options {
  const own = ownOptions(options, maker);
  refuseUnknown(own, known);
  return own;
}
