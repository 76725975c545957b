/** What was found about one thing. */
export interface Finding {
  /** `look`: it may be wrong, and nobody but the reader can tell. */
  readonly state: "ok" | "look" | "wrong";
  readonly about: string;
  readonly says: string;
  /** What to do about it; null where there is nothing to do. */
  readonly mend: string | null;
}

export function fine(about: string, says: string): Finding {
  return { state: "ok", about, says, mend: null };
}

export function doubtful(about: string, says: string, mend: string): Finding {
  return { state: "look", about, says, mend };
}

export function wrong(about: string, says: string, mend: string | null): Finding {
  return { state: "wrong", about, says, mend };
}

const widest = 9;

export function lineOf({ state, about, says, mend }: Finding): string {
  const first = `${state.padEnd(6)} ${about.padEnd(widest)}  ${says}\n`;
  return mend === null ? first : `${first}${" ".repeat(widest + 9)}${mend}\n`;
}
