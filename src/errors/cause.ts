import { propertyOf } from "./property";

/** ECONNREFUSED, or an SQLSTATE such as 42P01. */
const errorCode = /^(?:[A-Z][A-Z\d_]{1,39}|\d[A-Z\d]{4})$/;
/** What Redis begins a refusal with: READONLY, OOM, WRONGTYPE. */
const redisReply = /^[A-Z]{3,20}(?= )/;

/**
 * A cause that cannot carry a secret. Errors of other libraries hold requests, commands, answers and the paths of
 * session files, also in their message; only words that could be nothing else are kept.
 */
export function strippedCause(error: unknown): Error {
  const [name, code, syscall, message] = ["name", "code", "syscall", "message"].map((fact) => propertyOf(error, fact));
  const label = wordIn(code, errorCode) ?? wordIn(message, redisReply);
  const kept = new Error([wordIn(syscall, /^[a-z]\w{1,19}$/), label].filter(Boolean).join(" ") || "no details");
  kept.name = wordIn(name, /^[A-Z]\w{2,39}$/) ?? "Error";
  if (label) Object.assign(kept, { code: label });
  delete kept.stack;
  return kept;
}

function wordIn(text: unknown, word: RegExp): string | undefined {
  return typeof text === "string" ? word.exec(text)?.[0] : undefined;
}
