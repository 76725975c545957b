import { ApiError } from "../errors/errors";
import type { Answer } from "./answer";

/**
 * The answer, or null where Aircall has none: it says so with a 404 here, with an empty answer there. `withResponse` and
 * `pipe` tell what came, so there a 404 rejects like any other refusal.
 */
export function nullWhenAbsent<T>(answer: Answer<T | null | undefined>): Answer<T | null> {
  return answer.map((value) => value ?? null, nullFor404);
}

function nullFor404(error: unknown): null {
  if (error instanceof ApiError && error.status === 404) return null;
  throw error;
}
