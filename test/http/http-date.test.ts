import { execFileSync } from "node:child_process";
import { join } from "node:path";

const forms = ["Mon, 23 Nov 2026 10:00:10 GMT", "Monday, 23-Nov-26 10:00:10 GMT", "Mon Nov 23 10:00:10 2026"];
const read = `
  const { readHttpDate } = require(${JSON.stringify(join(__dirname, "../../src/http/http-date.ts"))});
  process.stdout.write(JSON.stringify(${JSON.stringify([...forms, "soon", ""])}.map(readHttpDate)));`;

it.each(["UTC", "America/New_York", "Asia/Kolkata"])(
  "reads every form of a date alike where the clock is of %s",
  (TZ) => {
    const args = ["--require", join(__dirname, "../support/typescript-sources.cjs"), "--eval", read];
    const moments = execFileSync(process.execPath, args, { env: { ...process.env, TZ }, encoding: "utf8" });
    const moment = Date.UTC(2026, 10, 23, 10, 0, 10);
    expect(JSON.parse(moments)).toEqual([moment, moment, moment, null, null]);
  },
);
