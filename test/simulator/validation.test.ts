import { startSimulator } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

const phone_numbers = [{ value: "+33199001234" }];
const input = { reportName: "CALLS_HISTORY", filter: { dateFilter: { relative: "TODAY" }, timezone: "Etc/UTC" } };

describe("the simulator refuses", () => {
  it.each<[string, "post" | "put", string, unknown, string]>([
    ["a field it does not know", "post", "/v1/contacts", { phone_numbers, age: 7 }, "age"],
    [
      "a field inside another one",
      "post",
      "/v1/contacts",
      { phone_numbers: [{ value: "1", x: 1 }] },
      "phone_numbers[0].x",
    ],
    ["a missing field", "post", "/v1/contacts", { first_name: "Bo" }, "phone_numbers"],
    ["a list with nothing in it", "post", "/v1/contacts", { phone_numbers: [] }, "phone_numbers"],
    ["a number for text", "post", "/v1/contacts", { phone_numbers, first_name: 7 }, "first_name"],
    ["blank text", "post", "/v1/contacts", { phone_numbers, first_name: " " }, "first_name"],
    ["null for text", "post", "/v1/contacts", { phone_numbers, first_name: null }, "first_name"],
    ["text beyond its length", "post", "/v1/contacts", { phone_numbers, first_name: "x".repeat(256) }, "first_name"],
    ["a list for an object", "post", "/v1/contacts", [], "body"],
    ["a colour nobody knows", "post", "/v1/tags", { name: "New", color: "green" }, "color"],
    ["an address that is not https", "post", "/v1/webhooks", { url: "http://example.com" }, "url"],
    ["an event nobody knows", "post", "/v1/webhooks", { url: "https://a.example", events: ["call.sung"] }, "events[0]"],
    ["a word outside its list", "put", "/v1/numbers/:number", { availability_status: "ajar" }, "availability_status"],
    ["text for true or false", "put", "/v1/numbers/:number", { live_recording_activated: "no" }, "live_recording"],
    ["a number outside its range", "put", "/v1/numbers/:number", { priority: 2 }, "priority"],
    ["a report without its input", "post", "/v1/analytics/report/export", input, "reportName"],
    [
      "a time zone nobody knows",
      "post",
      "/v1/analytics/report/export",
      { input: { ...input, filter: { ...input.filter, timezone: "Mars" } } },
      "input.filter.timezone",
    ],
    ["a body where none is wanted", "put", "/v1/calls/:call/archive", { archived: true }, "archived"],
  ])("%s", async (_what, verb, path, body, field) => {
    const simulator = await startSimulator();
    const { numbers, calls } = simulator.companies[0];
    const url = path.replace(":number", String(numbers[0]!.id)).replace(":call", String(calls[0]!.id));

    const api = apiOf(simulator);
    const answer = await (verb === "put" ? api.put(url) : api.post(url)).send(body as object);

    expect([answer.status, answer.body]).toEqual([
      400,
      { error: "Bad Request", troubleshoot: expect.stringContaining(field), success: false },
    ]);
  });

  it.each([
    ["/v1/calls?colour=red", "colour"],
    ["/v1/calls?fetch_contact=yes", "fetch_contact"],
    ["/v1/calls/search?direction=sideways", "direction"],
    ["/v1/calls/search?tags[]=vip", "tags[]"],
    ["/v1/calls/search?user_id=ana", "user_id"],
    ["/v1/contacts?order_by=name", "order_by"],
    ["/v1/teams?from=1", "from"],
    ["/v1/trackers/t?limit=51", "limit"],
    ["/v1/contacts?page=1&page=2", "page"],
  ])("the query of %s", async (path, parameter) => {
    const simulator = await startSimulator();

    const { status, body } = await apiOf(simulator).get(path);

    expect([status, body.error, body.troubleshoot]).toEqual([400, "Bad Request", expect.stringContaining(parameter)]);
  });

  it("nothing that two sources call by different names", async () => {
    const simulator = await startSimulator();
    const number = simulator.companies[0].numbers[0]!.id;
    const send = (sender: object) =>
      apiOf(simulator)
        .post(`/v1/numbers/${number}/messages/native/send`)
        .send({ to: "+33199001234", body: "Hello", ...sender });

    expect([(await send({ agentId: 7 })).status, (await send({ user_id: 8 })).status]).toEqual([200, 200]);
    expect(simulator.messages.map(({ agentId }) => agentId)).toEqual([7, 8]);
  });
});
