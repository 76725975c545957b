import { NotConnectedError, ReconnectRequiredError, RenewalFailedError, StoreError } from "../errors";
import type { Deadline, TokenSource } from "../http/http";
import { credentialOf, ownerOf, type Grant } from "./grant";
import { isExpired } from "./life";
import { waitFor } from "./patience";
import type { Verdict } from "./probe";
import type { Renewals } from "./renew";
import type { GrantStore } from "./store";

const readAgainAfterMs = 10_000;
const patienceMs = 10_000;

/** The tokens of one grant, for one request or one job. */
export interface GrantTokens extends TokenSource {
  /** The grant as it was last read, dead ones too; null when there is none. Read at the first use. */
  grant(): Promise<Grant | null>;
}

export interface GrantTokensParts {
  readonly store: GrantStore;
  readonly renewals: Renewals;
  readonly id: string;
  /** Where this app's sign-in begins, for the errors; null when it is not known. */
  readonly signInPath: string | null;
  readonly now?: () => number;
}

/** Hands out a token that works, for as long as one can be had. */
export function createGrantTokens(parts: GrantTokensParts): GrantTokens {
  const { store, renewals, id, signInPath, now = Date.now } = parts;
  let reading: Promise<Grant | null> | undefined;
  let readAt = 0;

  /** A request reads once; a job that lives longer notices a logout. */
  function read(): Promise<Grant | null> {
    if (reading && now() - readAt < readAgainAfterMs) return reading;
    return readAgain();
  }

  function readAgain(): Promise<Grant | null> {
    const started = store.get(id);
    started.catch(() => (reading = undefined));
    readAt = now();
    return (reading = started);
  }

  async function alive(grant: Grant | null, deadline: Deadline): Promise<Grant> {
    if (!grant) throw new NotConnectedError(signInPath);
    if (grant.state === "active") return grant;
    if (grant.state === "suspended" && (await verdictOn(grant, deadline)) === "accepted") {
      const revived = await readAgain();
      if (revived?.state === "active") return revived;
    }
    throw new ReconnectRequiredError(signInPath);
  }

  async function renewed(grant: Grant, deadline: Deadline): Promise<Grant> {
    const after = await waitFor(renewals.renew(id, grant), patienceMs, deadline, () => {
      throw new RenewalFailedError("the token endpoint is slow to answer.", 1_000);
    });
    reading = Promise.resolve(after);
    return alive(after, deadline);
  }

  function verdictOn(grant: Grant, deadline: Deadline): Promise<Verdict> {
    return waitFor(renewals.check(id, grant), patienceMs, deadline, () => "unknown");
  }

  return {
    grant: read,
    async owner() {
      const grant = await read();
      return grant?.state === "active" ? ownerOf(id, grant) : null;
    },
    async credential(deadline) {
      const grant = await alive(await read(), deadline);
      if (!renewals.due(grant)) return credentialOf(grant);
      try {
        return credentialOf(await renewed(grant, deadline));
      } catch (error) {
        if (isPassing(error) && !isExpired(grant, now())) return credentialOf(grant);
        throw error;
      }
    },
    async refused(credential, status, deadline) {
      const grant = await alive(await readAgain(), deadline);
      if (grant.accessToken !== credential.secret) return "again";
      if (status === 401 && renewals.helps(grant)) {
        await renewed(grant, deadline);
        return "again";
      }
      if ((await verdictOn(grant, deadline)) !== "refused") return "permission";
      // What was read is now known to be dead: the next call must not send it once more.
      reading = undefined;
      throw new ReconnectRequiredError(signInPath);
    },
  };
}

function isPassing(error: unknown): boolean {
  return error instanceof RenewalFailedError || error instanceof StoreError;
}
