import { columns, rows } from "../../../example-app/glance/chart";
import { writeCsv } from "../../../example-app/glance/csv";
import { writeDuration } from "../../../example-app/glance/duration";

describe("a chart's columns", () => {
  const chart = columns({
    labels: ["a", "b"],
    series: [
      { name: "answered", values: [3, 0] },
      { name: "missed", values: [1, null] },
    ],
  });

  it("stand on each other, as high as their values, and none where there is nothing", () => {
    expect(chart.bars.map(({ series }) => series)).toEqual(["answered", "missed"]);
    const [answered, missed] = chart.bars;
    expect(missed!.y + missed!.height).toBeCloseTo(answered!.y);
    expect(answered!.height / missed!.height).toBeCloseTo(3, 1);
  });

  it("lie within the picture, with whole numbers beside them", () => {
    for (const { x, y, width, height } of chart.bars) {
      expect(Math.min(x, y, width, height)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(chart.width);
      expect(y + height).toBeLessThanOrEqual(chart.height);
    }
    expect(chart.texts.map(({ text }) => text)).toEqual(["0", "1", "2", "3", "4", "a", "b"]);
  });

  it("need no values", () => {
    expect(columns({ labels: ["a"], series: [{ name: "missed", values: [0] }] }).bars).toEqual([]);
    expect(rows({ labels: [], series: [] }).bars).toEqual([]);
  });
});

describe("a chart's rows", () => {
  it("lie one below the other, their values behind them", () => {
    const { bars, texts } = rows({ labels: ["a", "b"], series: [{ name: "answered", values: [5, 10] }] });
    expect(bars.map(({ y }) => y)).toEqual([18, 60]);
    expect(bars[1]!.width / bars[0]!.width).toBeCloseTo(2);
    expect(texts.map(({ text }) => text)).toEqual(["a", "5", "b", "10"]);
  });
});

describe("a table for spreadsheets", () => {
  it("has quotes where commas, quotes or ends of lines are, and nothing where nothing is", () => {
    expect(writeCsv([["a,b", 'say "x"', "two\nlines", 5, null]])).toBe('"a,b","say ""x""","two\nlines",5,\r\n');
  });

  it.each(["=1+1", "+44 7700 900100", "-2", "@x"])("takes %s for no formula", (text) => {
    expect(writeCsv([[text]])).toBe(`'${text}\r\n`);
  });
});

describe("a duration", () => {
  it.each([
    [40, "40 s"],
    [59.6, "1 min"],
    [720, "12 min"],
    [3_599, "1 h"],
    [11_100, "3 h 5 min"],
    [86_400, "1 day"],
    [187_200, "2 days 4 h"],
  ])("of %p s is %p", (seconds, text) => expect(writeDuration(seconds)).toBe(text));
});
