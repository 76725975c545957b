import type { CompanyKey } from "../mirror/company";
import type { Mirror } from "../mirror/mirror";
import type { MirroredCall } from "../mirror/mirrored-call";
import { readCompanySettings } from "./company-settings";

type Calls = readonly MirroredCall[];

const known = new WeakMap<Calls, { readonly lines: string | undefined; readonly shown: Calls }>();

/** The calls of the lines that the company has on its board. The same list until a call or that choice changes. */
export function shownCalls(mirror: Mirror, company: CompanyKey): Calls {
  const calls = mirror.calls(company);
  const fields = mirror.fields(company, "settings");
  const chosen = fields.get("lines");
  const found = known.get(calls);
  if (found && found.lines === chosen) return found.shown;
  const { lines } = readCompanySettings(fields);
  const shown = lines === null ? calls : calls.filter(({ line }) => line !== null && lines.includes(line.id));
  known.set(calls, { lines: chosen, shown });
  return shown;
}
