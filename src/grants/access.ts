import {
  NotConnectedError,
  ReconnectRequiredError,
  RenewalFailedError,
  StoreError,
  TokenRefusedError,
} from "../errors/errors";
import type { Credential, Owner, TokenSource } from "../http/credential";
import type { Deadline } from "../time/deadline";
import { credentialOf, ownerOf, type Grant } from "./grant";
import { freshForMs, isExpired } from "./renewal/expiry";
import { noStoreTime, type RequestStoreTime } from "../time/store-time";
import { waitFor } from "../time/within";
import { GrantReading } from "./reading";
import type { Check } from "./renewal/probe";
import type { Renewals } from "./renewal/renew";
import { isSound } from "./renewal/suspension";
import type { GrantStore } from "./store";

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
  /** Of the request that asks; default none. */
  readonly storeTime?: RequestStoreTime;
  readonly now?: () => number;
}

/** Hands out a token that works, for as long as one can be had. */
export function createGrantTokens(parts: GrantTokensParts): GrantTokens {
  const access = new GrantAccess(parts);
  return {
    grant: () => access.reading.current(),
    owner: () => access.owner(),
    credential: (deadline) => access.credential(deadline),
    refused: (...refusal) => access.refused(...refusal),
  };
}

class GrantAccess {
  readonly reading: GrantReading;
  readonly #id: string;
  readonly #renewals: Renewals;
  readonly #signInPath: string | null;
  /** The grant was found by something that may end before it does. */
  readonly #hasWayToGrant: boolean;
  readonly #storeTime: RequestStoreTime;
  readonly #now: () => number;

  constructor({ storeTime = noStoreTime, now = Date.now, ...parts }: GrantTokensParts) {
    const { store, renewals, id, app = null, signInPath, read = () => store.get(id) } = parts;
    const find = () => storeTime.once(read);
    const onRead = (grant: Grant) => {
      if (renewals.watches(grant)) void storeTime.throughout(() => renewals.check(id, grant));
    };
    this.reading = new GrantReading({ find, app, onRead, now });
    this.#id = id;
    this.#renewals = renewals;
    this.#signInPath = signInPath;
    this.#hasWayToGrant = parts.read !== undefined;
    this.#storeTime = storeTime;
    this.#now = now;
  }

  async owner(): Promise<Owner | null> {
    const grant = await this.reading.current();
    return grant && isSound(grant) ? ownerOf(this.#id, grant) : null;
  }

  async credential(deadline: Deadline): Promise<Credential> {
    const grant = await this.reading.current();
    if (grant && isSound(grant) && !this.#renewals.due(this.#id, grant)) return credentialOf(grant);
    return this.#storeTime.throughout(() => this.#mended(grant, deadline));
  }

  async #mended(found: Grant | null, deadline: Deadline): Promise<Credential> {
    const grant = await this.#sound(found, deadline);
    if (!this.#renewals.due(this.#id, grant)) return credentialOf(grant);
    const isOver = isExpired(grant, this.#now());
    return credentialOf(
      await (isOver ? this.#renewed(grant, deadline, patienceMs) : this.#renewedBehind(grant, deadline)),
    );
  }

  refused(...refusal: Parameters<TokenSource["refused"]>): Promise<"again" | "permission"> {
    return this.#storeTime.throughout(() => this.#judge(...refusal));
  }

  async #judge(...[{ secret }, status, deadline]: Parameters<TokenSource["refused"]>): Promise<"again" | "permission"> {
    const grant = await this.#sound(await this.reading.again(), deadline);
    if (grant.accessToken !== secret) return "again";
    if (status === 401 && this.#renewals.helps(grant)) {
      await this.#renewedAfterRefusal(grant, deadline);
      return "again";
    }
    const { verdict, grant: after } = await this.#check(grant, deadline);
    if (after && after.accessToken !== secret && isSound(after)) {
      await this.#stillOurs(after);
      return "again";
    }
    // What was read is now known to be dead: the next request must not send it once more.
    void this.reading.remember(Promise.resolve(after));
    if (!after) throw new NotConnectedError(this.#signInPath);
    if (verdict !== "refused") return "permission";
    throw this.#unusable(after);
  }

  async #sound(grant: Grant | null, deadline: Deadline): Promise<Grant> {
    if (!grant) throw new NotConnectedError(this.#signInPath);
    if (isSound(grant)) return grant;
    if (grant.state === "ended") throw this.#unusable(grant);
    const { grant: after } = await this.#check(grant, deadline);
    const ours = await this.#stillOurs(after);
    if (!ours) throw new NotConnectedError(this.#signInPath);
    if (isSound(ours)) return ours;
    throw this.#unusable(ours);
  }

  /** What leads to a grant may have ended while its caller waited: it is read once more before that grant is used. */
  #stillOurs(grant: Grant | null): Promise<Grant | null> {
    const mayHaveEnded = this.#hasWayToGrant && grant && isSound(grant);
    return mayHaveEnded ? this.reading.again() : this.reading.remember(Promise.resolve(grant));
  }

  #unusable({ state }: Grant): Error {
    return state === "active" ? new TokenRefusedError() : new ReconnectRequiredError(this.#signInPath);
  }

  #check(grant: Grant, deadline: Deadline): Promise<Check> {
    const checking = this.#renewals.check(this.#id, grant);
    return waitFor(checking, { patienceMs, deadline, late: () => ({ verdict: "unknown", grant }) });
  }

  async #renewed(grant: Grant, deadline: Deadline, waitMs: number): Promise<Grant> {
    const after = await waitFor(this.#renewals.renew(this.#id, grant), {
      patienceMs: waitMs,
      deadline,
      late() {
        throw new RenewalFailedError("the token endpoint is slow to answer.", 1_000);
      },
    });
    return this.#sound(await this.#stillOurs(after), deadline);
  }

  /** Goes on with a token that is still good where the renewal takes long, and leaves that to those who come later. */
  async #renewedBehind(grant: Grant, deadline: Deadline): Promise<Grant> {
    const waitMs = behindMs - this.#renewals.underWayMs(this.#id, grant);
    if (waitMs <= 0) return grant;
    try {
      return await this.#renewed(grant, deadline, waitMs);
    } catch (error) {
      if (isPassing(error) && !isExpired(grant, this.#now())) return grant;
      throw error;
    }
  }

  /** Aircall answered 401. A token seconds old is not renewed at once, and what is wrong with it may pass. */
  async #renewedAfterRefusal(grant: Grant, deadline: Deadline): Promise<void> {
    const waitMs = freshForMs(grant, this.#now());
    if (waitMs > 0) throw new RenewalFailedError("Aircall refuses a token that is only seconds old.", waitMs);
    await this.#renewed(grant, deadline, patienceMs);
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof RenewalFailedError || error instanceof StoreError;
}
