import { knownOptions } from "../config/own-options";
import { refuseRequest } from "../config/refuse-request";
import { text } from "../config/values";

/** The one option of `requireAircall()` and `aircallErrors()`. @throws {ConfigError} it is misspelled or impossible. */
export function readSignInPath(options: { signInPath?: string | undefined }, maker: string): string | undefined {
  refuseRequest(options, maker);
  const { signInPath } = knownOptions(options, `${maker}()`, ["signInPath"]);
  return signInPath === undefined ? undefined : text({ value: signInPath, name: "signInPath", fromText: false });
}
