import { nullWhenAbsent } from "../../src/http/null-when-absent";
import { route } from "../../src/http/route";
import { type Reply, useApi } from "../support/servers/api";

const { serve, connect } = useApi();

async function read(reply: Reply) {
  const http = connect(await serve(reply));
  return nullWhenAbsent(http.send(route`GET /v1/users/${7}/dialer_campaign`, "dialer_campaign"));
}

describe("nullWhenAbsent", () => {
  it.each<[string, Reply]>([
    ["a 404", { status: 404, body: { error: "Not Found" } }],
    ["an empty answer", { status: 200 }],
    ["a 204", { status: 204 }],
    ["an empty wrapper", { body: { dialer_campaign: null } }],
  ])("takes %s for null", async (_what, reply) => {
    await expect(read(reply)).resolves.toBeNull();
  });

  it("hands on what there is", async () => {
    await expect(read({ body: { dialer_campaign: { id: 6 } } })).resolves.toEqual({ id: 6 });
  });

  it.each([400, 403, 500])("hands on a %d as the error it is", async (status) => {
    await expect(read({ status })).rejects.toMatchObject({ status });
  });
});
