import { ConfigError } from "../errors/errors";

/** One `name=value` of a connection string. */
export interface Pair {
  readonly name: string;
  readonly value: string;
  readonly quoted: boolean;
  /** From 1. Errors name it instead of showing text that may be part of a secret. */
  readonly position: number;
}

/** Takes a connection string apart, from left to right. `source` is what errors call it. */
export function* readPairs(text: string, source: string): Generator<Pair> {
  let position = 0;
  for (let start = 0; start < text.length;) {
    const end = endOf(text, ";", start);
    const equals = endOf(text, "=", start);
    if (equals > end || equals === text.length) {
      if (text.slice(start, end).trim() !== "") throw malformed(`has no "="`, position + 1, source);
      start = end + 1;
      continue;
    }
    position += 1;
    const name = text.slice(start, equals).trim();
    if (name === "") throw malformed(`has no name before "="`, position, source);
    const { value, quoted, next } = readValue(text, equals + 1, (fault) => malformed(fault, position, source));
    yield { name, value, quoted, position };
    start = next;
  }
}

/** `name=value;`, quoted only where reading it back needs that. */
export function writePair(name: string, value: string): string {
  if (!/^\s|^["']|;|\s$/.test(value)) return `${name}=${value};`;
  const quote = value.includes('"') && !value.includes("'") ? "'" : '"';
  return `${name}=${quote}${value.replaceAll(quote, quote + quote)}${quote};`;
}

interface Value {
  readonly value: string;
  readonly quoted: boolean;
  readonly next: number;
}

function readValue(text: string, start: number, malformed: (fault: string) => ConfigError): Value {
  let first = start;
  while (/\s/.test(text.charAt(first))) first += 1;
  const quote = text.charAt(first);
  if (quote !== '"' && quote !== "'") {
    const end = endOf(text, ";", start);
    return { value: text.slice(start, end).trim(), quoted: false, next: end + 1 };
  }

  const close = closingQuote(text, quote, first + 1);
  if (close === -1) throw malformed("begins a quote that never ends");
  const end = endOf(text, ";", close + 1);
  if (text.slice(close + 1, end).trim() !== "") throw malformed("has text behind its closing quote");
  return { value: text.slice(first + 1, close).replaceAll(quote + quote, quote), quoted: true, next: end + 1 };
}

function closingQuote(text: string, quote: string, start: number): number {
  let close = text.indexOf(quote, start);
  while (close !== -1 && text.charAt(close + 1) === quote) close = text.indexOf(quote, close + 2);
  return close;
}

function endOf(text: string, character: string, start: number): number {
  const found = text.indexOf(character, start);
  return found === -1 ? text.length : found;
}

function malformed(fault: string, position: number, source: string): ConfigError {
  return new ConfigError(
    `Pair ${position} (${source}) ${fault}. Write name=value; and put a value with ";" or a quote into quotes, ` +
      "doubling that quote inside.",
  );
}
