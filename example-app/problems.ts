import {
  AircallError,
  ApiError,
  ConfigError,
  ConnectionError,
  NotConnectedError,
  RateLimitError,
  ReconnectRequiredError,
  RenewalFailedError,
  SignInError,
  StoreError,
  TimeoutError,
  TokenRefusedError,
  type SignInErrorCode,
} from "express-aircall";
import { SharedStateError } from "./mirror/shared-state";

/** What a person is told in place of the page they wanted. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly message: string;
  /** For whoever runs this app. */
  readonly detail?: string;
  /** What to offer. */
  readonly action: "connect" | "retry" | "home";
}

/** The problem that an error is for the person in front of the page. */
export function problemOf(error: unknown): Problem {
  if (error instanceof SignInError) return { status: error.status, action: "connect", ...signInProblems[error.code] };
  if (error instanceof ReconnectRequiredError) return connectionEnded;
  if (error instanceof NotConnectedError) return noLongerConnected;
  if (error instanceof RateLimitError) return rateLimited(error);
  if (error instanceof TimeoutError) return { ...aircallDown, status: 504, title: "Aircall is taking too long" };
  if (error instanceof ConnectionError) return aircallDown;
  if (error instanceof ApiError) return refusalOf(error);
  if (error instanceof TokenRefusedError) return refusedForNow;
  if (error instanceof StoreError || error instanceof RenewalFailedError) return interrupted;
  if (error instanceof SharedStateError) return interrupted;
  if (error instanceof ConfigError) return { ...wrongSettings, detail: error.message };
  return isBadRequest(error) ? unreadable : unexpected;
}

/** The same for a form: its sender wants to know whether it was saved. */
export function problemOfForm(error: unknown, what = "What you sent"): Problem {
  const problem = problemOf(error);
  const outcome = error instanceof AircallError ? error.outcome : null;
  if (outcome === null) return problem;
  if (outcome !== "unknown") return { ...problem, message: `${what} was not saved. ${problem.message}` };
  const message = "Aircall did not say whether it took it. Look before you write it again.";
  return { status: problem.status, title: `${what} may have been saved`, message, action: "home" };
}

export const notFound: Problem = {
  status: 404,
  title: "There is no such page",
  message: "The address is misspelled, or the call is more than six months old.",
  action: "home",
};

export const foreignForm: Problem = {
  status: 403,
  title: "That form came from another site",
  message: "Nothing was done. Open the page here and send the form again.",
  action: "home",
};

export const connectionEnded: Problem = {
  status: 401,
  title: "Aircall has ended this connection",
  message: "An administrator removed this app at Aircall, or its permission ran out. Connect again to go on.",
  action: "connect",
};

export function noLongerThere(company: string): Pick<Problem, "title" | "message"> {
  const message =
    "Somebody has disconnected it, here or at Aircall, or you were away for long. Connect again to go on.";
  return { title: `${company} is no longer connected`, message };
}

const refusedForNow: Problem = {
  status: 503,
  title: "Aircall does not let us in right now",
  message: "That may pass by itself. In a minute this page knows whether you have to connect again.",
  action: "retry",
};

const noLongerConnected: Problem = {
  status: 401,
  title: "You are no longer connected",
  message: "What you sent was not saved. Connect your Aircall account again, then repeat it.",
  action: "connect",
};

const aircallDown: Problem = {
  status: 502,
  title: "Aircall cannot be reached",
  message: "It does not answer as it should right now. Your calls are safe there; try again in a minute.",
  action: "retry",
};

const interrupted: Problem = {
  status: 503,
  title: "One moment, please",
  message: "The board lost touch with something it needs. You are still connected; try again in a few seconds.",
  action: "retry",
};

const notEntitled: Problem = {
  status: 403,
  title: "Aircall does not allow this",
  message: "Your company’s plan or permissions do not include it. An Aircall administrator can tell you more.",
  action: "home",
};

const keyRefused: Problem = {
  status: 500,
  title: "Aircall refused this app’s API key",
  message: "Whoever runs this board has to correct the key and start it again.",
  action: "retry",
};

const wrongSettings: Problem = {
  status: 500,
  title: "This board is not set up right",
  message: "Whoever runs it has to correct a setting and start it again.",
  action: "home",
};

const unreadable: Problem = {
  status: 400,
  title: "That request could not be read",
  message: "Nothing was done. Go back and try again.",
  action: "home",
};

const unexpected: Problem = {
  status: 500,
  title: "Something went wrong",
  message: "It is our fault, not yours. Try again; if it stays like this, tell whoever runs this board.",
  action: "retry",
};

const signInProblems: Record<SignInErrorCode, Pick<Problem, "title" | "message">> = {
  sign_in_denied: {
    title: "Nothing was connected",
    message: "Access was denied at Aircall. Only an Aircall administrator can allow it.",
  },
  sign_in_refused: {
    title: "This company cannot use the board",
    message: "The board is kept to certain Aircall companies. Connect with one of those.",
  },
  sign_in_state: {
    title: "This sign-in is no longer valid",
    message: "It began in another browser, took more than ten minutes, or was already used. Begin again.",
  },
  sign_in_callback: {
    title: "That was no answer from Aircall",
    message: "The address you came by is incomplete or was changed. Begin again.",
  },
  sign_in_prefetch: {
    title: "Nobody has come here yet",
    message: "Your browser fetched this page ahead of you. Go on to it, and you are signed in.",
  },
  sign_in_failed: {
    title: "Aircall could not sign you in",
    message: "It reported an error of its own. Nothing was connected; try again in a minute.",
  },
  sign_in_exchange: {
    title: "Aircall did not finish the sign-in",
    message: "You allowed access, but Aircall gave this board no key for it. Try again.",
  },
  sign_in_profile: {
    title: "Aircall did not tell which company this is",
    message: "Nothing was connected. Try again in a minute.",
  },
  key_refused: {
    title: "Aircall does not know this key",
    message: "Nothing was connected. Compare the API ID and the API token with Aircall’s Dashboard.",
  },
  already_connected: {
    title: "This company is connected already",
    message: "Its key was left as it is. Say that the new one replaces it, or disconnect it first.",
  },
};

function rateLimited({ status, retryAfterMs }: RateLimitError): Problem {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const wait = seconds === 1 ? "1 second" : `${seconds} seconds`;
  const message = `Your company has asked Aircall as often as it may within a minute. Try again in ${wait}.`;
  return { status, title: "Aircall needs a short break", message, action: "retry" };
}

function refusalOf(error: ApiError): Problem {
  if (error.code === "credentials_refused") return { ...keyRefused, detail: error.message };
  if (error.code === "not_found") return notFound;
  if (error.code === "not_entitled") return notEntitled;
  return error.code === "server_error" ? aircallDown : unexpected;
}

/** What Express and its parsers say of a request they cannot read. */
function isBadRequest(error: unknown): boolean {
  const { status } = Object(error) as { status?: unknown };
  return typeof status === "number" && status >= 400 && status < 500;
}
