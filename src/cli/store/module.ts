import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Companies } from "../../companies/companies";
import { fields } from "../../config/fields";
import { propertyOf } from "../../errors/property";
import type { AircallWebhooks } from "../../webhooks/receiver";
import { Failure } from "../terminal";

/** What a file of the app exports, by these names. */
export interface AppsModule {
  readonly auth?: Pick<Companies, "companies"> | undefined;
  readonly events?: Pick<AircallWebhooks, "failed" | "retry"> | undefined;
}

/** Loads the app's file, of either module system, with all that it does when loaded. @throws {Failure} it cannot be. */
export async function loadModule(file: string): Promise<AppsModule> {
  const path = resolve(file);
  const loaded = await load(path).catch((error: unknown) => {
    const code = propertyOf(error, "code");
    const reason = typeof code === "string" ? code : String(propertyOf(error, "message"));
    throw new Failure(`${file} cannot be loaded: ${reason}.`);
  });
  return { ...fields(fields(loaded)["default"]), ...fields(loaded) };
}

/** Node 20.19 requires modules of either kind; only one that awaits at its top has to be imported. */
async function load(path: string): Promise<unknown> {
  try {
    const loaded: unknown = createRequire(path)(path);
    return loaded;
  } catch (error) {
    const code = propertyOf(error, "code");
    if (code !== "ERR_REQUIRE_ASYNC_MODULE" && code !== "ERR_REQUIRE_ESM") throw error;
    return import(pathToFileURL(path).href);
  }
}

/** @throws {Failure} the file does not export it. */
export function exportOf<Name extends keyof AppsModule>(
  module: AppsModule,
  { name, method, file }: { name: Name; method: string; file: string },
): NonNullable<AppsModule[Name]> {
  const found = module[name];
  if (found && typeof propertyOf(found, method) === "function") return found;
  const made = name === "auth" ? "aircallAuth()" : "aircallWebhooks()";
  throw new Failure(`${file} exports no ${name}: export what ${made} returned under this name.`);
}
