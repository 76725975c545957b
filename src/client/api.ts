import { createDownloads } from "../downloads/open";
import { type Alone, createAlone } from "../http/alone";
import { type Answer, answerTo } from "../http/answer";
import { beforeSending } from "../http/before-sending";
import { digest } from "../http/credential";
import { createExecute } from "../http/execute";
import type { Api } from "../resources/api";
import { unknownBudget, unlimited } from "../http/limiter";
import type { CallOptions } from "../http/options";
import type { HttpParts } from "../http/parts";
import { compose, type OutgoingRequest } from "../http/request";
import { unwrap } from "../http/response-body";
import { ofList, type Route } from "../http/route";
import type { List } from "../pagination/options";
import { type Page, readPageNumber, readPageSize, resolveLink, toPage, withPageNumber } from "../pagination/page";
import { onlyReading } from "./derived";

interface Composed {
  readonly compose: () => OutgoingRequest;
  readonly options: CallOptions;
}

/** How many items Aircall puts on a page where nobody says. */
const sizeUnasked = 20;

export function createApi(parts: HttpParts): Api {
  const { apiUrl, limiter = unlimited } = parts;
  const call = createExecute(parts);
  let alone: Alone | undefined;
  let downloads: ReturnType<typeof createDownloads> | undefined;

  function ask<T>({ template }: Route, { compose, options }: Composed, read: (body: unknown) => T): Answer<T> {
    return answerTo({
      request: template,
      send: (how) => call(beforeSending(template, compose), options, how),
      read: (answered) => read(answered.json()),
    });
  }

  function openPage<T>(list: List, composed: Composed): Answer<Page<T>> {
    const { route, key, unsized } = list;
    const open = (urlOf: (message: OutgoingRequest) => string) => {
      const message = composed.compose();
      return openPage<T>(list, { ...composed, compose: () => ({ ...message, url: urlOf(message) }) });
    };
    return ask(route, composed, (body) => {
      const asked = composed.compose().url;
      return toPage<T>(body, key, {
        number: readPageNumber(asked) ?? 1,
        size: readPageSize(asked) ?? (unsized ? null : sizeUnasked),
        follow: (link) => open(({ url }) => resolveLink(link, { apiUrl, from: url, request: route.template })),
        turnTo: (page) => open(({ url }) => withPageNumber(url, page)),
      });
    });
  }

  const http: Api = {
    send: <T>(route: Route, key: string | null, options: CallOptions = {}, input?: object) =>
      ask(
        route,
        { compose: () => compose(apiUrl, route, input), options },
        (body) => unwrap(body, key, route.template) as T,
      ),
    page: <T>(list: List, options: CallOptions = {}, query?: object) => {
      const { route, key } = list;
      return openPage<T>(list, {
        compose: () => compose(apiUrl, ofList(route, { ...route.list, key }), query),
        options,
      });
    },
    // Created when first used: few clients ever open a file.
    download: (file, options) => (downloads ??= createDownloads(parts, call))(file, options),
    async alone(task, work) {
      const owner = await parts.tokens.owner();
      // A digest, for keys are seen by whoever looks into Redis.
      const key = digest(`${owner?.budget} ${task.key}`);
      return (alone ??= parts.alone ?? createAlone())({ ...task, key, what: `${owner?.grant} ${task.what}` }, work);
    },
    budget() {
      const spent = call.spent() ?? parts.tokens.budget ?? null;
      return spent === null ? unknownBudget : limiter.look(spent);
    },
  };
  return parts.readOnly ? onlyReading(http) : http;
}
