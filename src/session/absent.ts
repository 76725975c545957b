import { ConfigError, StoreError } from "../errors/errors";
import { isStoreDisconnected } from "./disconnection";

const noSession =
  "There is no session here. Mount express-session before aircallAuth() and the Aircall sign-in routes; " +
  "if it is, its store is disconnected or its cookie path leaves this page out. An API without sessions gives the store " +
  'itself: aircallAuth({ grants, hold: "company", company }).';

/** For a session that has no store beside it. */
export const otherSession =
  "The session is not express-session's (cookie-session?), which Aircall's sign-in needs: use express-session.";

/** Why there is no session where one is needed: its store says that it is away, or a setting is wrong. */
export function absentSession(fault = noSession): ConfigError | StoreError {
  return isStoreDisconnected()
    ? new StoreError("read the session", "its store is disconnected")
    : new ConfigError(fault);
}
