/** What a function declares, as far as its text says. */
export interface Declared {
  /** How many, those with default values included; null where the text is not its own: bound, a proxy, a wrapper. */
  readonly count: number | null;
  /** It takes more than `count`: rest parameters, or it looks into `arguments`. */
  readonly open: boolean;
}

/**
 * Reads a function's parameters from its text, because `length` stops at the first default value and leaves rest
 * parameters out.
 */
export function readParameters(target: (...given: never[]) => unknown): Declared {
  const text = Function.prototype.toString.call(target);
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) return { count: null, open: false };

  const plain = withoutStringsAndComments(text);
  const arrow = /^(?:async\s*)?(?:([^\s()=,]+)\s*=>|\()/.exec(plain);
  if (arrow?.[1]) return { count: 1, open: false };
  const { list, rest } = splitAtList(plain);
  // An arrow function has no `arguments` of its own.
  const body = arrow ? "" : rest;
  const handedOn = body.replace(/\.apply\(\s*(?:this|void 0|null)\s*,\s*arguments\s*\)/g, "");
  return {
    count: handedOn !== body ? null : list.length,
    open: list.some((parameter) => parameter.startsWith("...")) || /\barguments\b/.test(handedOn),
  };
}

/** The parameters, and the text behind them. */
function splitAtList(text: string): { list: string[]; rest: string } {
  const list: string[] = [];
  let depth = 0;
  let current = "";
  for (let at = text.indexOf("("); at >= 0 && at < text.length; at++) {
    const letter = text.charAt(at);
    if (/[)\]}]/.test(letter) && --depth === 0) {
      return { list: [...list, current.trim()].filter((parameter) => parameter !== ""), rest: text.slice(at + 1) };
    }
    if (letter === "," && depth === 1) {
      list.push(current.trim());
      current = "";
    } else if (depth > 0) current += letter;
    if (/[([{]/.test(letter)) depth++;
  }
  return { list, rest: "" };
}

function withoutStringsAndComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|(["'`])(?:\\[^]|(?!\1)[^\\])*\1/g, (found) =>
    found.startsWith("/") ? " " : '""',
  );
}
