import { type Id, route } from "../http/route";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { type Confirmed, sendConfirmed } from "./confirm";
import { list } from "./list";
import type { PageQuery } from "./wire";

/** A label for calls. */
export interface Tag {
  id: number;
  direct_link?: string;
  name: string;
  /** Hexadecimal, e.g. `#00b388`. */
  color: string;
  /** A word such as `queue_callback` on Aircall's own tags; null on those made through the API. */
  description: string | null;
}

/** A tag for calls. */
export interface NewTag {
  /** Unique in the company. */
  name: string;
  /** Hexadecimal, e.g. `#00b388`. */
  color: string;
  /** @deprecated Aircall takes it and does not keep it: the tag's `description` is null. */
  description?: string | undefined;
}

/** Aircall wants both, even when one stays as it is. */
export type TagChanges = Pick<NewTag, "name" | "color">;

/** Labels for calls. @see https://developers.aircall.io/api-references/#tags */
export const tags = (http: Api) => {
  const all = list<Tag, PageQuery>(http, { route: route`GET /v1/tags`, key: "tags" });

  return {
    /** One page. */
    list: all.page,
    /** Every tag once. */
    iterate: all.iterate,
    /** @throws {ApiError} 404 `not_found`. */
    get: (id: Id, options?: CallOptions) => http.send<Tag>(route`GET /v1/tags/${id}`, "tag", options),
    /** Never sent twice. */
    create: (tag: NewTag, options?: CallOptions) => http.send<Tag>(route`POST /v1/tags`, "tag", options, tag),
    /** Answers the tag as it is then. @throws {ApiError} 404 `not_found`. */
    update: (id: Id, changes: TagChanges, options?: CallOptions) =>
      http.send<Tag>(route`PUT /v1/tags/${id}`, "tag", options, changes),
    /** Deletes the tag for good, and takes it off every call: `remove(id, { confirm: id })`. */
    remove: (id: Id, options: Confirmed) => sendConfirmed(http, { route: route`DELETE /v1/tags/${id}`, id }, options),
  };
};
