import type { AircallError } from "./errors";
import { mayHaveActed, type RequestOutcome } from "./outcome";

/** The error as that of one request. A copy where it says anything else, for others may have been given the same. */
export function ofRequest<E extends AircallError>(error: E, request: string, outcome: RequestOutcome): E {
  if (error.outcome === outcome) return error;
  const addition = mayHaveActed(request, outcome) ? " An earlier attempt may have been carried out." : "";
  const message = error.message + addition;
  const stack = error.stack?.replace(error.message, () => message);
  return Object.assign(hide(copyOf(error), { message, stack }), { outcome });
}

/** A copy with another stack. */
export function withStack<E extends AircallError>(error: E, stack: string): E {
  return hide(copyOf(error), { message: error.message, stack });
}

function copyOf<E extends AircallError>(error: E): E {
  const copy = Object.setPrototypeOf(new Error(), Reflect.getPrototypeOf(error)) as E;
  return Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
}

/** As an error's own message and stack are: written down, but not enumerated. */
function hide<E extends Error>(error: E, fields: Pick<Error, "message"> & { stack: string | undefined }): E {
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(error, name, { value, writable: true, configurable: true, enumerable: false });
  }
  return error;
}
