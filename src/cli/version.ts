import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fields } from "../config/fields";

export function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
  return String(fields(manifest)["version"]);
}
