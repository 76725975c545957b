import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const resources = join(__dirname, "../../src/resources");

/** Every file of `src/resources`, in its folders too. */
export function resourceFiles(): { file: string; text: string }[] {
  return readdirSync(resources, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ file, text: readFileSync(join(resources, file), "utf8") }));
}
