import { isRecord } from "../http/response-body";
import type { CallOptions } from "../http/options";
import { type Page, toPage } from "./page";
import type { List, PageSource } from "./options";

interface TokenList {
  /** Asks for one page; `further` is the part of the query that tells which, nothing for the first. */
  readonly ask: (further: object, options?: CallOptions) => PromiseLike<unknown>;
  /** The parameter that asks for the next page. */
  readonly parameter: string;
  /** The property of the answer that tells of the next page, and those of its own that hold token and total. */
  readonly info: string;
  readonly next: string;
  readonly total?: string;
}

/** Lets a walk go over a list that leads from page to page by a token of its own. */
export function byToken({ budget }: Pick<PageSource, "budget">, list: TokenList): PageSource {
  const { ask, parameter, info, next, total = "total" } = list;

  return {
    budget,
    page<T>({ key }: List, options?: CallOptions) {
      const open = async (further: object): Promise<Page<T>> => {
        const answer = await ask(further, options);
        const body = isRecord(answer) ? answer : {};
        const facts = isRecord(body[info]) ? body[info] : {};
        const token = readToken(facts[next]);
        // The token in place of a link: enough to tell one page from another.
        const next_page_link = token === null ? null : `?${parameter}=${encodeURIComponent(token)}`;
        const meta = { total: facts[total], next_page_link };
        const follow = () => open({ [parameter]: token });
        return toPage<T>({ ...body, meta }, key, { number: 1, follow, turnTo: follow });
      };
      return open({});
    },
  };
}

function readToken(token: unknown): string | number | null {
  return typeof token === "number" || (typeof token === "string" && token !== "") ? token : null;
}
