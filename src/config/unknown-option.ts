import { ConfigError } from "../errors/errors";
import { cleanText } from "../errors/clean-text";
import { suggest } from "./suggest";

/** @throws {ConfigError} one of the options' own names is none of the known ones. */
export function refuseUnknown(options: object, known: readonly string[]): void {
  for (const option of Object.keys(options)) if (!known.includes(option)) throw unknownOption(option, known);
}

export function unknownOption(option: string, known: readonly string[]): ConfigError {
  const meant = suggest(option, known);
  return new ConfigError(
    `Unknown option "${cleanText(option)}". ${meant ? `Did you mean "${meant}"? ` : ""}Known: ${known.join(", ")}.`,
  );
}
