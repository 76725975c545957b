import { AircallClient } from "../../src/client/client";
import { useApi } from "../support/servers/api";

const { serve, connect } = useApi();

describe("what cannot be taken back", () => {
  it("is sent when its id is given twice, as a number or as a text", async () => {
    const api = await serve({ status: 204 });
    const { calls, webhooks } = new AircallClient(connect(api));
    await calls.removeRecording(7, { confirm: "7" });
    await webhooks.remove("6f1c", { confirm: "6f1c" });
    expect(api.arrived.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "DELETE /v1/calls/7/recording",
      "DELETE /v1/webhooks/6f1c",
    ]);
  });

  it.each<[string, number | string, unknown]>([
    ["another id", 42, { confirm: 43 }],
    ["options without it", 42, { timeoutMs: 100 }],
    ["nothing at all", 42, undefined],
    ["null", 42, null],
    ["a bare id", 42, 42],
    ["a list", 42, { confirm: [42] }],
    ["nothing, where the id went missing too", "undefined", undefined],
  ])("is not sent with %s, and rejects with one ConfigError", async (_what, id, confirmed) => {
    const api = await serve({ status: 204 });
    const removal = new AircallClient(connect(api)).contacts.remove(id, confirmed as never);
    await expect(removal).rejects.toMatchObject({
      name: "ConfigError",
      message:
        "DELETE /v1/contacts/:id was not sent, for it cannot be taken back: confirm must be the same id as the first one.",
    });
    expect(api.arrived).toHaveLength(0);
  });

  it("takes its other options along", async () => {
    const client = new AircallClient(connect(await serve(() => undefined)));
    await expect(client.tags.remove(1, { confirm: 1, timeoutMs: 20 })).rejects.toMatchObject({ timeoutMs: 20 });
  });
});
