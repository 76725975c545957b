import { AircallError } from "../errors/errors";
import { ofRequest } from "../errors/of-request";

/** Does what may refuse a request before anything of it is sent. */
export function beforeSending<T>(request: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof AircallError ? ofRequest(error, request, "not_sent") : error;
  }
}
