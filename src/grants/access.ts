import {
  NotConnectedError,
  ReconnectRequiredError,
  RenewalFailedError,
  StoreError,
  TokenRefusedError,
} from "../errors/errors";
import type { TokenSource } from "../http/credential";
import type { Deadline } from "../time/deadline";
import { credentialOf, ownerOf, type Grant } from "./grant";
import { freshForMs, isExpired } from "./renewal/expiry";
import { waitFor } from "../time/within";
import type { Check } from "./renewal/probe";
import type { Renewals } from "./renewal/renew";
import { isSound } from "./renewal/standing";
import type { GrantStore } from "./store";

const readAgainAfterMs = 10_000;
const patienceMs = 10_000;
/** What a renewal may cost, from its beginning on, those whose token is still good. */
const behindMs = 1_000;

/** The tokens of one grant, for one request or one job. */
export interface GrantTokens extends TokenSource {
  /** The grant as it was last read, refused and dead ones too; null when there is none. Read at the first use. */
  grant(): Promise<Grant | null>;
}

export interface GrantTokensParts {
  readonly store: GrantStore;
  readonly renewals: Renewals;
  readonly id: string;
  /** Whose grants these are; null, as by default, where it is not known. Another app's grant is none. */
  readonly app?: string | null;
  /** Where this app's sign-in begins, for the errors; null when it is not known. */
  readonly signInPath: string | null;
  /** Finds the grant. Default: by its id. */
  readonly read?: () => Promise<Grant | null>;
  readonly now?: () => number;
}

/** Hands out a token that works, for as long as one can be had. */
export function createGrantTokens(parts: GrantTokensParts): GrantTokens {
  const { store, renewals, id, app = null, signInPath, now = Date.now } = parts;
  const { read: find = () => store.get(id) } = parts;
  let reading: Promise<Grant | null> | undefined;
  let readAt = 0;

  /** A request reads once; a job that lives longer notices a logout. */
  function read(): Promise<Grant | null> {
    if (reading && now() - readAt < readAgainAfterMs) return reading;
    return readAgain();
  }

  function readAgain(): Promise<Grant | null> {
    const started = find().then((grant) => (grant && isOf(app, grant) ? grant : null));
    started.then(
      (grant) => grant && renewals.watch(id, grant),
      () => (reading = undefined),
    );
    return remember(started);
  }

  function remember(grant: Promise<Grant | null>): Promise<Grant | null> {
    readAt = now();
    return (reading = grant);
  }

  async function sound(grant: Grant | null, deadline: Deadline): Promise<Grant> {
    if (!grant) throw new NotConnectedError(signInPath);
    if (isSound(grant)) return grant;
    if (grant.state === "ended") throw unusable(grant);
    const { grant: after } = await check(grant, deadline);
    const ours = await stillOurs(after);
    if (!ours) throw new NotConnectedError(signInPath);
    if (isSound(ours)) return ours;
    throw unusable(ours);
  }

  /** What leads to a grant may have ended while its caller waited: it is read once more before that grant is used. */
  function stillOurs(grant: Grant | null): Promise<Grant | null> {
    return parts.read && grant && isSound(grant) ? readAgain() : remember(Promise.resolve(grant));
  }

  function unusable({ state }: Grant): Error {
    return state === "active" ? new TokenRefusedError() : new ReconnectRequiredError(signInPath);
  }

  function check(grant: Grant, deadline: Deadline): Promise<Check> {
    return waitFor(renewals.check(id, grant), patienceMs, deadline, () => ({ verdict: "unknown", grant }));
  }

  async function renewed(grant: Grant, deadline: Deadline, waitMs: number): Promise<Grant> {
    const after = await waitFor(renewals.renew(id, grant), waitMs, deadline, () => {
      throw new RenewalFailedError("the token endpoint is slow to answer.", 1_000);
    });
    return sound(await stillOurs(after), deadline);
  }

  /** Goes on with a token that is still good where the renewal takes long, and leaves that to those who come later. */
  async function renewedBehind(grant: Grant, deadline: Deadline): Promise<Grant> {
    const waitMs = behindMs - renewals.underWayMs(id, grant);
    if (waitMs <= 0) return grant;
    try {
      return await renewed(grant, deadline, waitMs);
    } catch (error) {
      if (isPassing(error) && !isExpired(grant, now())) return grant;
      throw error;
    }
  }

  /** Aircall answered 401. A token seconds old is not renewed at once, and what is wrong with it may pass. */
  async function renewedAfterRefusal(grant: Grant, deadline: Deadline): Promise<void> {
    const waitMs = freshForMs(grant, now());
    if (waitMs > 0) throw new RenewalFailedError("Aircall refuses a token that is only seconds old.", waitMs);
    await renewed(grant, deadline, patienceMs);
  }

  return {
    grant: read,
    async owner() {
      const grant = await read();
      return grant && isSound(grant) ? ownerOf(id, grant) : null;
    },
    async credential(deadline) {
      const grant = await sound(await read(), deadline);
      if (!renewals.due(id, grant)) return credentialOf(grant);
      const isOver = isExpired(grant, now());
      return credentialOf(await (isOver ? renewed(grant, deadline, patienceMs) : renewedBehind(grant, deadline)));
    },
    async refused({ secret }, status, deadline) {
      const grant = await sound(await readAgain(), deadline);
      if (grant.accessToken !== secret) return "again";
      if (status === 401 && renewals.helps(grant)) {
        await renewedAfterRefusal(grant, deadline);
        return "again";
      }
      const { verdict, grant: after } = await check(grant, deadline);
      if (after && after.accessToken !== secret && isSound(after)) {
        await stillOurs(after);
        return "again";
      }
      // What was read is now known to be dead: the next call must not send it once more.
      void remember(Promise.resolve(after));
      if (!after) throw new NotConnectedError(signInPath);
      if (verdict !== "refused") return "permission";
      throw unusable(after);
    },
  };
}

/** Grants that were kept before they knew their app belong to whoever holds them. */
function isOf(app: string | null, grant: Grant): boolean {
  return app === null || grant.app === null || grant.app === app;
}

function isPassing(error: unknown): boolean {
  return error instanceof RenewalFailedError || error instanceof StoreError;
}
