import { fields } from "../../config/fields";
import { UsageError } from "../terminal";

/** The body with every `path=value` put into it. */
export function setAll(body: object, given: readonly string[]): object {
  return given.reduce((changed, one) => {
    const at = one.indexOf("=");
    const path = one.slice(0, Math.max(at, 0)).split(".");
    if (path.some((name) => name === "" || name === "__proto__")) {
      throw new UsageError(`--set takes a path and a value, such as data.direction=inbound, not "${one}".`);
    }
    return put(changed, path, readValue(one.slice(at + 1)));
  }, body);
}

/** A copy with the value at this path; what stands in its way is replaced, and lists are counted from 0. */
function put(into: unknown, [name = "", ...rest]: readonly string[], value: unknown): object {
  const before = fields(into)[name];
  const after = rest.length === 0 ? value : put(before, rest, value);
  const list: readonly unknown[] | null = Array.isArray(into) ? into : null;
  if (list && /^\d{1,3}$/.test(name)) return Object.assign([...list], { [name]: after });
  return { ...fields(into), [name]: after };
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
