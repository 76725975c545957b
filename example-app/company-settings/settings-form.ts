import { readTime, writeTime, type OpeningHours, type OpenTime } from "../glance/opening-hours";
import type { CompanySettings } from "./company-settings";

/** The form as it is shown: what was typed, or what was chosen before. */
export interface SettingsForm {
  readonly overdueMinutes: string;
  /** Ids of the lines that are ticked. */
  readonly lines: readonly string[];
  readonly ownHours: boolean;
  /** Monday to Sunday; empty on days when nobody is there. */
  readonly days: readonly { readonly from: string; readonly to: string }[];
}

/** What is wrong about a form, in words, by field. */
export type SettingsFaults = Partial<Record<"overdueMinutes" | "lines" | "hours", string>>;

const [fewest, most] = [1, 7 * 24 * 60];
const week = [0, 1, 2, 3, 4, 5, 6];

/** As a company works that has said nothing. */
const usualHours: OpeningHours = week.map((day) => (day < 5 ? { from: 9 * 60, to: 18 * 60 } : null));

export function showSettings(settings: CompanySettings, lineIds: readonly number[]): SettingsForm {
  return {
    overdueMinutes: String(settings.overdueMinutes),
    lines: (settings.lines ?? lineIds).map(String),
    ownHours: settings.hours !== null,
    days: (settings.hours ?? usualHours).map((open) => ({
      from: open ? writeTime(open.from) : "",
      to: open ? writeTime(open.to) : "",
    })),
  };
}

/** What a browser has sent. */
export function readForm(body: Readonly<Record<string, unknown>>): SettingsForm {
  const text = (name: string) => (typeof body[name] === "string" ? body[name].trim() : "");
  const lines = Array.isArray(body["line"]) ? body["line"] : [body["line"]];
  return {
    overdueMinutes: text("overdueMinutes"),
    lines: lines.filter((id): id is string => typeof id === "string"),
    ownHours: text("hours") === "own",
    days: week.map((day) => ({ from: text(`from-${day}`), to: text(`to-${day}`) })),
  };
}

/** The settings that a form means; null, and why, where it cannot be meant. */
export function judgeForm(form: SettingsForm, lineIds: readonly number[]): Judged {
  const overdueMinutes = /^\d{1,5}$/.test(form.overdueMinutes) ? Number(form.overdueMinutes) : NaN;
  const inRange = overdueMinutes >= fewest && overdueMinutes <= most;
  const ticked = lineIds.filter((id) => form.lines.includes(String(id)));
  const hours = form.days.map(openTimeOf);
  const faults: SettingsFaults = {
    ...(!inRange && { overdueMinutes: `A whole number from ${fewest} to ${most}.` }),
    ...(ticked.length === 0 && lineIds.length > 0 && { lines: "Choose at least one line." }),
    ...(form.ownHours &&
      hours.includes("fault") && {
        hours: "Each day has a beginning and an end, such as 09:00 and 17:30, or neither.",
      }),
  };
  if (Object.keys(faults).length > 0) return { settings: null, faults };
  const settings: CompanySettings = {
    overdueMinutes,
    // All of them, those to come included.
    lines: ticked.length === lineIds.length ? null : ticked,
    hours: form.ownHours ? (hours as (OpenTime | null)[]) : null,
  };
  return { settings, faults };
}

export interface Judged {
  readonly settings: CompanySettings | null;
  readonly faults: SettingsFaults;
}

function openTimeOf({ from, to }: { from: string; to: string }): OpenTime | null | "fault" {
  if (!from && !to) return null;
  const open = { from: readTime(from), to: readTime(to) };
  return open.from === null || open.to === null ? "fault" : { from: open.from, to: open.to };
}
