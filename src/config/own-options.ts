import { ConfigError } from "../errors";
import { kindOf } from "./values";

/**
 * A copy with nothing but the options' own properties: a polluted prototype sets no option. `maker` is whom errors name.
 * @throws {ConfigError} they are no object.
 */
export function ownOptions<Options extends object>(options: Options, maker: string): Options {
  if (kindOf(options) !== "an object") {
    throw new ConfigError(`${maker} takes an object of options; got ${kindOf(options)}.`);
  }
  return Object.assign(Object.create(null) as Options, options);
}
