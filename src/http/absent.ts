import { ApiError } from "../errors";

/** The answer, or null where Aircall has none: it says so with a 404 here, with an empty answer there. */
export async function nullWhenAbsent<T>(answer: Promise<T | null | undefined>): Promise<T | null> {
  try {
    return (await answer) ?? null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
