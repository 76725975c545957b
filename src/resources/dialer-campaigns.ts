import { nullWhenAbsent } from "../http/null-when-absent";
import { type Id, route } from "../http/route";
import { walk } from "../pagination/iterate";
import type { IterateOptions, List } from "../pagination/options";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { type Confirmed, sendConfirmed } from "./confirm";

/** A user's list of numbers to call one after the other; each user has one at most. */
export interface DialerCampaign {
  id: number;
  number_id: string | number | null;
  /** ISO 8601, UTC. */
  created_at: string;
  /** As `listNumbers`, but with each `number` as people write it: `+33 1 99 00 12 34`. Not promised. */
  phone_numbers?: DialerCampaignPhoneNumber[];
}

/** A number in a user's dialer campaign. */
export interface DialerCampaignPhoneNumber {
  /** What `removeNumber` takes. */
  id: number;
  /** Digits of the international number, without the `+`. */
  number: string;
  called: boolean;
  /** ISO 8601, UTC. */
  created_at: string;
}

/** Numbers for a user's dialer campaign. */
export interface NumbersToDial {
  /** E.164; one at least. */
  phone_numbers: readonly string[];
}

/**
 * Power Dialer campaigns, on plans that have them (else 403 `not_entitled`). Every row takes the user's id first.
 * @see https://developers.aircall.io/api-references/#dialer-campaigns
 */
export const dialerCampaigns = (http: Api) => {
  const numbersOf = (userId: Id): List => ({
    route: route`GET /v1/users/${userId}/dialer_campaign/phone_numbers`,
    key: "numbers",
    unsized: true,
  });

  return {
    /** Null while the user has no campaign. Aircall may say so with a 404, which `withResponse` and `pipe` reject with. */
    get: (userId: Id, options?: CallOptions) =>
      nullWhenAbsent(
        http.send<DialerCampaign | null>(route`GET /v1/users/${userId}/dialer_campaign`, "dialer_campaign", options),
      ),
    /**
     * Starts a campaign with these numbers. Never sent twice.
     * @throws {ApiError} 422 `unprocessable` when some of them wait to be called already: `phoneNumbers()` of the error.
     */
    create: (userId: Id, numbers: NumbersToDial, options?: CallOptions) =>
      http.send<void>(route`POST /v1/users/${userId}/dialer_campaign`, null, options, numbers),
    /** Ends the campaign; its numbers, and which of them were called, are gone: `remove(userId, { confirm: userId })`. */
    remove: (userId: Id, options: Confirmed) =>
      sendConfirmed(http, { route: route`DELETE /v1/users/${userId}/dialer_campaign`, id: userId }, options),
    /** One page. @throws {ApiError} 404 `not_found` while the user has no campaign. */
    listNumbers: (userId: Id, options?: CallOptions) =>
      http.page<DialerCampaignPhoneNumber>(numbersOf(userId), options),
    /** Every number of the campaign once. @throws {ApiError} 404 `not_found` while the user has no campaign. */
    iterateNumbers: (userId: Id, options?: IterateOptions) =>
      walk<DialerCampaignPhoneNumber>(http, numbersOf(userId), { options }),
    /**
     * Puts numbers at the end of the campaign. Never sent twice.
     * @throws {ApiError} 422 `unprocessable` as `create`.
     */
    addNumbers: (userId: Id, numbers: NumbersToDial, options?: CallOptions) =>
      http.send<void>(route`POST /v1/users/${userId}/dialer_campaign/phone_numbers`, null, options, numbers),
    /** Removes a number, by the entry's id and not its digits. @throws {ApiError} 404 `not_found`. */
    removeNumber: (userId: Id, id: Id, options?: CallOptions) =>
      http.send<void>(route`DELETE /v1/users/${userId}/dialer_campaign/phone_numbers/${id}`, null, options),
  };
};
