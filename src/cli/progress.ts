import { propertyOf } from "../errors/property";
import type { Terminal } from "./terminal";

export interface Progress {
  /** One more is done. */
  step(): void;
  /** Leaves nothing behind on the screen. */
  end(): void;
}

const patienceMs = 2_000;
const width = 24;

interface Shown {
  readonly label: string;
  /** Null where nobody knows of how many: then a count is shown. */
  readonly total: number | null;
  /** Milliseconds until it is drawn at first. Default 2,000. */
  readonly after?: number;
}

/** A progress bar at a person's terminal, for what takes long; nothing where stderr is no terminal. */
export function progress({ stderr }: Pick<Terminal, "stderr">, { label, total, after = patienceMs }: Shown): Progress {
  if (propertyOf(stderr, "isTTY") !== true) return { step: () => undefined, end: () => undefined };
  let done = 0;
  let drawn = false;
  const draw = () => {
    drawn = true;
    stderr.write(`\r\x1b[2K${label}  ${total === null ? done : `${barOf(done / total)} ${done} of ${total}`}`);
  };
  const timer = setTimeout(draw, after);
  timer.unref();
  return {
    step() {
      done += 1;
      if (drawn) draw();
    },
    end() {
      clearTimeout(timer);
      if (drawn) stderr.write("\r\x1b[2K");
      drawn = false;
    },
  };
}

function barOf(part: number): string {
  const filled = Math.round(Math.min(1, part) * width);
  return `${"#".repeat(filled)}${"-".repeat(width - filled)}`;
}
