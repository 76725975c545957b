import { AircallClient } from "../../src/client/client";
import { useApi } from "../support/servers/api";

const { serve, connect } = useApi();

async function client() {
  const api = await serve({ body: { calls: [{ id: 7, recording: "http://127.0.0.1:9/7" }] } });
  return { api, aircall: new AircallClient(connect(api)) };
}

/** What a JavaScript caller may write. */
const typo = (options: object) => options as never;

describe("a misspelt option", () => {
  it.each<[string, (aircall: AircallClient) => PromiseLike<unknown>, RegExp]>([
    ["of a call", (aircall) => aircall.calls.list({}, typo({ timeoutMS: 5 })), /"timeoutMS". Did you mean "timeoutMs"/],
    [
      "of an acting call",
      (aircall) => aircall.tags.create({ name: "VIP", color: "#fff" }, typo({ readOnly: true })),
      /"readOnly"/,
    ],
    ["of what wants its id twice", (aircall) => aircall.tags.remove(7, typo({ confirm: 7, sginal: null })), /"sginal"/],
    [
      "of request()",
      (aircall) => aircall.request("GET", "/v1/calls", typo({ qury: {} })),
      /"qury". Did you mean "query"/,
    ],
    ["of a walk", (aircall) => aircall.calls.iterate({}, typo({ ahed: 3 })).collect({ max: 1 }), /"ahed"/],
    [
      "of a download",
      (aircall) => aircall.calls.recording(7, typo({ rang: "bytes=0-1" })),
      /"rang". Did you mean "range"/,
    ],
    [
      "of pipe",
      (aircall) => aircall.calls.recording(7).pipe(null as never, typo({ fileName: "7.mp3" })),
      /"fileName". Did you mean "filename"/,
    ],
  ])("%s is refused, and nothing is sent", async (_of, ask, message) => {
    const { api, aircall } = await client();
    await expect(ask(aircall)).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(message),
    });
    expect(api.arrived).toEqual([]);
  });

  it("of withOptions is refused at once, for it may be a safety switch", async () => {
    const { aircall } = await client();
    expect(() => aircall.withOptions(typo({ readonly: true }))).toThrow('Did you mean "readOnly"?');
    expect(() => aircall.withOptions({ readOnly: true, lane: "bulk", cacheMs: 5 })).not.toThrow();
  });
});

it.each([
  { lane: "fast" },
  { cacheMs: -1 },
  { cacheMs: NaN },
  { timeoutMs: "100" },
  { timeoutMs: null },
  { signal: {} },
  { signal: null },
  { signal: new AbortController() },
  { signal: new EventTarget() },
])("refuses %p", async (options) => {
  const { aircall } = await client();
  await expect(aircall.calls.list({}, typo(options))).rejects.toMatchObject({ code: "config_invalid" });
});

it("says to iterate where somebody loops over an answer", async () => {
  const { aircall } = await client();
  const loop = async (list: unknown) => {
    for await (const call of list as AsyncIterable<unknown>) return call;
    return undefined;
  };
  await expect(loop(aircall.calls.list())).rejects.toThrow("use iterate()");
  await expect(loop(aircall.request("GET", "/v1/calls"))).rejects.toMatchObject({ code: "config_invalid" });
});

describe("an option that is undefined", () => {
  const absent = {
    signal: undefined,
    timeoutMs: undefined,
    maxRetries: undefined,
    lane: undefined,
    cacheMs: undefined,
  };
  const walking = { ...absent, cursor: undefined, onProgress: undefined, ahead: undefined, maxWaitMs: undefined };

  it.each<[string, (aircall: AircallClient) => PromiseLike<unknown>]>([
    ["of a call", (aircall) => aircall.calls.list({ from: undefined, page: undefined, order: undefined }, absent)],
    [
      "of a walk",
      (aircall) => aircall.calls.iterate({ to: undefined, per_page: undefined }, walking).collect({ max: 1 }),
    ],
    ["of a client", (aircall) => aircall.withOptions({ ...absent, readOnly: undefined }).calls.list()],
    [
      "of request()",
      (aircall) => aircall.request("GET", "/v1/calls", { ...absent, query: undefined, body: undefined }),
    ],
    ["of a body", (aircall) => aircall.contacts.update(7, { first_name: undefined, last_name: "Berg" }, absent)],
    ["of a wait", (aircall) => aircall.conversationIntelligence.whenReady(7, { ...absent, insight: undefined })],
  ])("%s is one that was not given", async (_of, ask) => {
    const { api, aircall } = await client();
    await expect(ask(aircall)).resolves.toBeDefined();
    expect(JSON.stringify(api.arrived.map(({ url, body }) => url + body))).not.toContain("undefined");
  });
});
