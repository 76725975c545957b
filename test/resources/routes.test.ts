import { AircallClient } from "../../src/client";
import type { Http } from "../../src/http/http";
import { everyRow, nouns } from "./every-row";
import documented from "./routes.json";

/*
 * routes.json is every route Aircall documents, and the property that a row takes out of its answer. A script wrote it
 * from the list of endpoints gathered for this library; a new route is one line there and one row in src/resources.
 */
const leftOut: Record<string, string> = {
  "GET /oauth/authorize": "a page for people: sign-in/ sends them there",
  "POST /v1/oauth/token": "oauth/ asks it",
  "GET /v1/users": "replaced by V2",
  "GET /v1/users/:id": "replaced by V2",
  "POST /v1/users": "replaced by V2",
  "PUT /v1/users/:id": "replaced by V2",
  "GET /v1/calls/:id/realtime_transcription": "replaced by the mode of getTranscription",
  "POST /v1/calls/:id/link": "gone from the reference since 2019; an insight card holds links",
  "POST /v1/calls/:id/metadata": "gone from the reference since 2019; replaced by insight cards",
};

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
  const http: Http = {
    send<T>({ template }: { template: string }, key: string | null) {
      note(template, key);
      return Promise.resolve(undefined as T);
    },
    page({ template }, key) {
      note(template, key);
      return Promise.resolve({ items: [], meta, hasNext: false, next: () => Promise.resolve(null) });
    },
  };
  for (const [row, ask] of everyRow(new AircallClient(http))) {
    current = row;
    await ask();
  }
  return asked;
}

const meta = { count: 0, total: 0, current_page: 1, per_page: 20, next_page_link: null, previous_page_link: null };
const sorted = (lines: Iterable<string>) => [...new Set(lines)].sort();

describe("the resources", () => {
  it("reach every documented route, and no other", async () => {
    const asked = await askEveryRow();
    expect(sorted(asked.map(({ request }) => request))).toEqual(sorted(wanted.map(({ request }) => request)));
  });

  it("reach each route by one row, and by another that iterates over it", async () => {
    const asked = await askEveryRow();
    const plain = asked.filter(({ row }) => !row.includes(".iterate")).map(({ request }) => request);
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
    expect(nouns).toEqual(getters.map(([name]) => name));
  });
});
