import { Readable } from "node:stream";
import { unlimited } from "../../src/http/limiter";
import { AircallClient } from "../../src/client/client";
import { createAlone } from "../../src/http/alone";
import { type Answer, answerTo } from "../../src/http/answer";
import { createAnswered } from "../../src/http/response";
import type { Api } from "../../src/resources/api";
import { Download } from "../../src/downloads/download";
import { bringFiles, composed, everyRow, nouns } from "./every-row";
import { leftOut } from "./left-out";
import documented from "./routes.json";

/*
 * routes.json is every route Aircall documents, and the property that a row takes out of its answer. A script wrote it
 * from the list of endpoints gathered for this library; a new route is one line there and one row in src/resources.
 */
const routes = documented.map(({ method, path, wrapper }) => ({
  request: `${method} ${path.replace(/:\w+/g, ":id")}`,
  wrapper,
}));
const wanted = routes.filter(({ request }) => !(request in leftOut));

/** What each row asks for, in terms of the Http it is handed. */
async function askEveryRow() {
  const asked: { row: string; request: string; wrapper: string | null }[] = [];
  let current = "";
  const note = (request: string, wrapper: string | null) => asked.push({ row: current, request, wrapper });
  const http: Api = {
    budget: () => unlimited.look(""),
    send<T>({ template }: { template: string }, key: string | null) {
      note(template, key);
      return answerOf(undefined as T);
    },
    page({ route, key }) {
      note(route.template, key);
      return answerOf({ items: [], meta, hasNext: false, next: () => Promise.resolve(null) });
    },
    alone: createAlone(),
    download({ route, key }, options = {}) {
      note(route.template, key);
      return new Download(route.template, options, () => Promise.resolve({ head: emptyFile, body: Readable.from([]) }));
    },
  };
  for (const [row, ask] of everyRow(new AircallClient(http))) {
    current = row;
    // What is made of several rows misses their answers here.
    await (composed.includes(row) ? ask().catch(() => undefined) : ask());
  }
  return asked;
}

/** An answer without anybody having been asked. */
function answerOf<T>(value: T): Answer<T> {
  const bytes = Buffer.alloc(0);
  const rate = { limit: null, remaining: null, resetAt: null };
  const send = () => Promise.resolve(createAnswered({ status: 204, headers: {}, rate, bytes }, { parse: true }));
  return answerTo({ request: "GET /v1/ping", send, read: () => value });
}

const meta = { count: 0, total: 0, current_page: 1, per_page: 20, next_page_link: null, previous_page_link: null };
const emptyFile = {
  status: 200,
  contentType: "audio/mpeg",
  contentLength: 0,
  contentRange: null,
  acceptRanges: null,
  etag: null,
  lastModified: null,
} as const;
const sorted = (lines: Iterable<string>) => [...new Set(lines)].sort();

describe("the resources", () => {
  it("reach every documented route, and no other", async () => {
    const asked = await askEveryRow();
    expect(sorted(asked.map(({ request }) => request))).toEqual(sorted(wanted.map(({ request }) => request)));
  });

  it("reach each route by one row, and by others that iterate over it, bring a file it names or wait for it", async () => {
    const asked = await askEveryRow();
    const further = (row: string) => row.includes(".iterate") || bringFiles.includes(row) || composed.includes(row);
    const plain = asked.filter(({ row }) => !further(row)).map(({ request }) => request);
    expect(plain).toHaveLength(new Set(plain).size);
    expect(plain.sort()).toEqual(sorted(asked.map(({ request }) => request)));
  });

  it("take each answer out of the wrapper it is documented with", async () => {
    const asked = await askEveryRow();
    const lines = (list: { request: string; wrapper: string | null }[]) =>
      sorted(list.map(({ request, wrapper }) => `${request}: ${wrapper}`));
    expect(lines(asked)).toEqual(lines(wanted));
  });

  it("leave out only what is documented", () => {
    const requests = routes.map(({ request }) => request);
    expect(Object.keys(leftOut).filter((request) => !requests.includes(request))).toEqual([]);
  });

  it("are the nouns of the client", () => {
    const members = Object.entries(Object.getOwnPropertyDescriptors(AircallClient.prototype));
    const getters = members.filter(([, member]) => "get" in member && member.get !== undefined);
    expect([...nouns, "budget"]).toEqual(getters.map(([name]) => name));
  });
});
