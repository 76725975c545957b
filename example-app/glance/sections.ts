import { columns, rows, type Chart } from "./chart";
import type { Cell } from "./csv";
import type { Figures } from "./figures";
import { writeDuration } from "./duration";
import { writeTime } from "./opening-hours";
import { nameOfDay } from "./period";
import { answerRate, type Tally } from "./tally";

/** A chart, and the table behind it for those who do not see it and for spreadsheets. */
export interface Section {
  /** Names it in addresses. */
  readonly id: string;
  readonly title: string;
  /** What the chart says, in a sentence. */
  readonly summary: string;
  readonly chart: Chart;
  /** What its colours mean, by series. */
  readonly legend: readonly { readonly series: string; readonly text: string }[];
  readonly head: readonly string[];
  readonly body: readonly (readonly Cell[])[];
}

/** All that the page shows, in order. */
export function sectionsOf(figures: Figures): Section[] {
  return [hoursSection, daysSection, waitsSection, linesSection, agentsSection].map((section) => section(figures));
}

const calls = [
  { series: "answered", text: "Answered" },
  { series: "missed", text: "Missed" },
  { series: "closed", text: "Missed outside opening hours" },
] as const;
const callHeads = calls.map(({ text }) => text);

function hoursSection({ hours }: Figures): Section {
  const busiest = indexOfMost(hours.map(({ missed }) => missed));
  return {
    id: "hours",
    title: "Calls by hour",
    summary:
      busiest === null
        ? "No call was missed."
        : `Most were missed from ${hourName(busiest)}: ${hours[busiest]?.missed}.`,
    chart: columns({ labels: hours.map((_, hour) => (hour % 3 === 0 ? String(hour) : "")), series: seriesOf(hours) }),
    legend: calls,
    head: ["Hour", ...callHeads],
    body: hours.map((tally, hour) => [hourName(hour), ...cellsOf(tally)]),
  };
}

function daysSection({ days }: Figures): Section {
  const rates = days.map(answerRate);
  const worst = indexOfMost(rates.map((rate) => (rate === null ? -1 : 1 - rate)));
  return {
    id: "days",
    title: "Answer rate by day",
    summary:
      worst === null || rates[worst] === 1
        ? "Every call was answered."
        : `Lowest on ${nameOfDay(days[worst]?.date ?? "", "long")}: ${percent(rates[worst] ?? null)}.`,
    chart: columns({
      labels: days.map(({ date }) => nameOfDay(date, "brief")),
      series: [{ name: "answered", values: rates }],
      most: 1,
      format: percent,
    }),
    legend: [{ series: "answered", text: "Answered; what was missed outside opening hours is left out" }],
    head: ["Day", "Answer rate", ...callHeads],
    body: days.map((day, index) => [nameOfDay(day.date, "long"), percent(rates[index] ?? null), ...cellsOf(day)]),
  };
}

function waitsSection({ waits }: Figures): Section {
  const { spread, median, worst } = waits;
  return {
    id: "waits",
    title: "Time until reached",
    summary:
      median === null || !worst
        ? "Nobody who was missed has been reached."
        : `Half of them within ${writeDuration(median)}; the longest wait was ${writeDuration(worst.seconds ?? 0)}.`,
    chart: columns({
      labels: spread.map(({ label }) => label),
      series: [{ name: "reached", values: spread.map(({ count }) => count) }],
    }),
    legend: [{ series: "reached", text: "Callers, by the time until they were reached, at most" }],
    head: ["Waited up to", "Callers"],
    body: spread.map(({ upTo, count }) => [upTo, count]),
  };
}

function linesSection({ lines }: Figures): Section {
  return {
    id: "lines",
    title: "By line",
    summary: lines[0] ? `${lines[0].name} was rung most.` : "No line was rung.",
    chart: rows({ labels: lines.map(({ name }) => shortened(name)), series: seriesOf(lines) }),
    legend: calls,
    head: ["Line", "Answer rate", ...callHeads, "Median time until reached"],
    body: lines.map((line) => [
      line.name,
      percent(answerRate(line)),
      ...cellsOf(line),
      durationOrNull(line.medianWait),
    ]),
  };
}

function agentsSection({ agents }: Figures): Section {
  return {
    id: "agents",
    title: "By agent",
    summary: agents[0] ? `${agents[0].name} answered or reached most.` : "Nobody answered.",
    chart: rows({
      labels: agents.map(({ name }) => shortened(name)),
      series: [
        { name: "answered", values: agents.map(({ answered }) => answered) },
        { name: "reached", values: agents.map(({ reached }) => reached) },
      ],
    }),
    legend: [
      { series: "answered", text: "Calls answered" },
      { series: "reached", text: "Missed callers reached" },
    ],
    head: ["Agent", "Answered", "Missed callers reached", "Median time until reached"],
    body: agents.map(({ name, answered, reached, medianWait }) => [
      name,
      answered,
      reached,
      durationOrNull(medianWait),
    ]),
  };
}

function seriesOf(tallies: readonly Tally[]) {
  return calls.map(({ series }) => ({ name: series, values: tallies.map((tally) => tally[series]) }));
}

function cellsOf(tally: Tally): number[] {
  return calls.map(({ series }) => tally[series]);
}

/** `09:00 to 10:00` */
function hourName(hour: number): string {
  return `${writeTime(hour * 60)} to ${writeTime(hour * 60 + 60)}`;
}

export function percent(rate: number | null): string {
  return rate === null ? "no calls" : `${Math.round(rate * 100)} %`;
}

function durationOrNull(seconds: number | null): string | null {
  return seconds === null ? null : writeDuration(seconds);
}

/** Null where none is above zero. */
function indexOfMost(values: readonly number[]): number | null {
  const most = Math.max(0, ...values);
  return most === 0 ? null : values.indexOf(most);
}

function shortened(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}
