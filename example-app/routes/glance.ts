import express, { type Request, type Response, type Router } from "express";
import { boardOf } from "../board-of";
import { clockAt } from "../board/clock";
import { zoneOf } from "../board/row-words";
import { readCompanySettings } from "../company-settings/company-settings";
import { shownCalls } from "../company-settings/shown-calls";
import { writeCsv } from "../glance/csv";
import { writeDuration } from "../glance/duration";
import { figuresOf, type GlanceChoice } from "../glance/figures";
import { lastDays, nameOfDay } from "../glance/period";
import { percent, sectionsOf } from "../glance/sections";
import { answerRate } from "../glance/tally";
import { createZones } from "../glance/zones";
import type { Line } from "../mirror/mirrored-call";
import { pageNotFound } from "./errors";

/** The day at a glance: how a company's calls went, in charts, tables and files. Asks Aircall nothing. */
export function glancePages({ now = Date.now } = {}): Router {
  const pages = express.Router();
  const seen = (req: Request) => look(req, Math.floor(now() / 1000));

  pages.get("/", (req, res) => {
    const glance = seen(req);
    const { figures, choice } = glance;
    const words = { nameOfDay, percent, writeDuration, rate: answerRate(figures.total), addressOf };
    const asOf = clockAt(zoneOf(glance.calls)).time(glance.now);
    const title = choice.day === null ? "The last seven days" : nameOfDay(choice.day, "long");
    res.render("glance", {
      ...glance,
      ...words,
      title,
      asOf,
      sections: sectionsOf(figures),
      sheet: "sheet" in req.query,
    });
  });
  pages.get("/:id.csv", (req, res, next) => {
    const { figures, choice } = seen(req);
    const section = sectionsOf(figures).find(({ id }) => id === req.params["id"]);
    if (!section) return pageNotFound(req, res, next);
    sendCsv(res, `calls-${section.id}-${choice.day ?? "week"}.csv`, [section.head, ...section.body]);
  });
  return pages;
}

/** What is chosen, what can be, and what it comes to. */
function look(req: Request, now: number) {
  const { mirror, key } = boardOf(req);
  const settings = readCompanySettings(mirror.fields(key, "settings"));
  const zones = createZones();
  const calls = shownCalls(mirror, key);
  const days = lastDays(calls, now, zones);
  const lines = linesOf(calls);
  const choice = readChoice(req, { days, lines });
  const figures = figuresOf(calls, choice, { hours: settings.hours, zones, now });
  return { now, calls, choice, days, lines, figures, settings, progress: mirror.progress(key) };
}

/** Today, where nothing else that there is was asked for. */
function readChoice({ query }: Request, { days, lines }: { days: string[]; lines: Line[] }): GlanceChoice {
  const today = days.at(-1) ?? null;
  const day = query["day"] === "week" ? null : (days.find((date) => date === query["day"]) ?? today);
  const line = lines.find(({ id }) => String(id) === query["line"]);
  return { day, line: line?.id ?? null };
}

function linesOf(calls: readonly { readonly line: Line | null }[]): Line[] {
  const lines = new Map(calls.flatMap(({ line }) => (line ? [[line.id, line] as const] : [])));
  return [...lines.values()].sort((one, other) => one.name.localeCompare(other.name));
}

/** Where that choice is shown; `path` below the page's own. */
function addressOf({ day, line }: GlanceChoice, path = ""): string {
  const query = new URLSearchParams({ day: day ?? "week", ...(line !== null && { line: String(line) }) });
  return `/glance${path}?${query.toString()}`;
}

function sendCsv(res: Response, name: string, rows: Parameters<typeof writeCsv>[0]): void {
  // With the mark of UTF-8, without which Excel reads names wrongly.
  res
    .attachment(name)
    .type("text/csv; charset=utf-8")
    .send(`\uFEFF${writeCsv(rows)}`);
}
