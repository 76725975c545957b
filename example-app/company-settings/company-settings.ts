import type { OpeningHours } from "../glance/opening-hours";

/** What a company has chosen for its board. */
export interface CompanySettings {
  /** Who waits longer is overdue: within `hours`, where they are given. */
  readonly overdueMinutes: number;
  /** Ids of the lines on the board; null is all of them. */
  readonly lines: readonly number[] | null;
  /** Null goes by Aircall's own opening hours. */
  readonly hours: OpeningHours | null;
}

export const defaultSettings: CompanySettings = { overdueMinutes: 60, lines: null, hours: null };

/** From the fields that are shared of a company's `settings`. */
export function readCompanySettings(fields: ReadonlyMap<string, string>): CompanySettings {
  const chosen = [...fields].filter(([name]) => Object.hasOwn(defaultSettings, name));
  const values = chosen.map(([name, text]) => [name, JSON.parse(text) as unknown]);
  return { ...defaultSettings, ...(Object.fromEntries(values) as Partial<CompanySettings>) };
}

/** Fields to write; null takes back what was chosen. */
export function writeCompanySettings(settings: CompanySettings): Record<string, string | null> {
  const fields = Object.entries(settings).map(([name, value]) => [name, value === null ? null : JSON.stringify(value)]);
  return Object.fromEntries(fields) as Record<string, string | null>;
}
