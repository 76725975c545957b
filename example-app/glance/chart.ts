import { scaleBand, scaleLinear } from "d3-scale";

export interface ChartData {
  /** What stands below, or beside, each bar; empty where there is no room. */
  readonly labels: readonly string[];
  /** What a bar is made of, from the axis outwards; null is no bar. */
  readonly series: readonly Series[];
  /** The largest value there can be; by default the largest there is. */
  readonly most?: number;
  /** How a value on the axis is written. */
  readonly format?: (value: number) => string;
}

export interface Series {
  /** Of the stylesheet's `bar-…` classes. */
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** What is drawn, in the units of its view box. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly bars: readonly Bar[];
  readonly texts: readonly Text[];
  /** Lines across, at the ticks of the axis. */
  readonly lines: readonly { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }[];
}

interface Bar {
  readonly series: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Text {
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  readonly text: string;
}

const width = 360;
const ticks = 4;

/** Bars that stand. */
export function columns(data: ChartData): Chart {
  const [height, left, top, bottom] = [190, 50, 8, 26];
  const band = scaleBand(
    data.labels.map((_, index) => index),
    [left, width],
  ).padding(0.22);
  const value = scaleLinear([0, mostOf(data)], [height - bottom, top]).nice(ticks);
  const bars = stack(data).map(({ series, index, from, to }) => ({
    series,
    x: round(band(index) ?? 0),
    width: round(band.bandwidth()),
    y: round(value(to)),
    height: round(value(from) - value(to)),
  }));
  const axis = wholeTicks(data, value.ticks(ticks));
  const { format = String } = data;
  return {
    width,
    height,
    bars,
    lines: axis.map((tick) => ({ x1: left, x2: width, y1: round(value(tick)), y2: round(value(tick)) })),
    texts: [
      ...axis.map((tick) => ({ x: left - 6, y: round(value(tick)) + 4, anchor: "end" as const, text: format(tick) })),
      ...data.labels.map((text, index) => ({
        x: round((band(index) ?? 0) + band.bandwidth() / 2),
        y: height - 6,
        anchor: "middle" as const,
        text,
      })),
    ],
  };
}

const [rowHeight, labelHeight] = [42, 18];

/** Bars that lie, each below its label, with its value behind it. */
export function rows(data: ChartData): Chart {
  const height = Math.max(1, data.labels.length) * rowHeight;
  const value = scaleLinear([0, mostOf(data)], [0, width - 40]);
  const stacked = stack(data);
  const ends = data.labels.map((_, index) =>
    Math.max(0, ...stacked.filter((bar) => bar.index === index).map(({ to }) => to)),
  );
  return {
    width,
    height,
    lines: [],
    bars: stacked.map(({ series, index, from, to }) => ({
      series,
      x: round(value(from)),
      width: round(value(to) - value(from)),
      y: index * rowHeight + labelHeight,
      height: 14,
    })),
    texts: data.labels.flatMap((text, index) => [
      { x: 0, y: index * rowHeight + 13, anchor: "start" as const, text },
      {
        x: round(value(ends[index] ?? 0)) + 6,
        y: index * rowHeight + labelHeight + 12,
        anchor: "start" as const,
        text: (data.format ?? String)(ends[index] ?? 0),
      },
    ]),
  };
}

/** Each value upon the one before. */
function stack({ labels, series }: ChartData) {
  return labels.flatMap((_, index) => {
    let from = 0;
    return series.flatMap(({ name, values }) => {
      const value = values[index] ?? 0;
      from += value;
      return value > 0 ? [{ series: name, index, from: from - value, to: from }] : [];
    });
  });
}

function mostOf({ labels, series, most }: ChartData): number {
  const sums = labels.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  return most ?? Math.max(1, ...sums);
}

/** There are no half calls. */
function wholeTicks({ most }: ChartData, values: readonly number[]): readonly number[] {
  return most === undefined ? values.filter(Number.isInteger) : values;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
