import { createRequire } from "node:module";
import { join } from "node:path";
import { propertyOf } from "../../errors/property";

/** A package is missing; the message says how to install it. */
export class NoPackage extends Error {}

/** A package that the app has: it is no dependency of this library. @throws {NoPackage} */
export function appsOwn<Package>(name: string, versions: string): Package {
  try {
    return createRequire(join(process.cwd(), "package.json"))(name) as Package;
  } catch (error) {
    if (propertyOf(error, "code") !== "MODULE_NOT_FOUND") throw error;
    throw new NoPackage(`This command needs the package ${name}, version ${versions}: npm install --no-save ${name}`);
  }
}
