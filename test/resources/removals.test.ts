import { AircallClient } from "../../src/client/client";
import { useApi } from "../support/servers/api";
import { rowsOf } from "./every-row";

const { serve, connect } = useApi();

/** Every row that deletes: whether it asks for its id twice, or how its caller puts back what is lost. */
const removals: Record<string, "asks" | { putBack: string }> = {
  "calls.removeRecording": "asks",
  "calls.removeVoicemail": "asks",
  "users.remove": "asks",
  "teams.remove": "asks",
  "teams.removeUser": { putBack: "addUser" },
  "contacts.remove": "asks",
  "contacts.removePhone": { putBack: "addPhone" },
  "contacts.removeEmail": { putBack: "addEmail" },
  "tags.remove": "asks",
  "messages.removeConfiguration": { putBack: "createConfiguration" },
  "dialerCampaigns.remove": "asks",
  "dialerCampaigns.removeNumber": { putBack: "addNumbers" },
  "webhooks.remove": "asks",
  "a2pCampaignAssociations.remove": { putBack: "create" },
};

describe("the rows that delete", () => {
  it("are those listed here", async () => {
    const api = await serve({ status: 204 });
    const deleting: string[] = [];
    for (const { name, ask } of rowsOf(new AircallClient(connect(api)))) {
      api.arrived.length = 0;
      await ask().catch(() => undefined);
      if (api.arrived.some(({ method }) => method === "DELETE")) deleting.push(name);
    }
    expect(deleting.sort()).toEqual(Object.keys(removals).sort());
  });

  it("ask for their id twice where their caller cannot put back what is lost, and nowhere else", async () => {
    const asking: string[] = [];
    for (const { name, ask } of rowsOf(new AircallClient(connect(await serve({ status: 204 }))), {
      confirming: false,
    })) {
      const error = await ask().catch((reason: Error) => reason);
      if (error instanceof Error && error.message.includes("cannot be taken back")) asking.push(name);
    }
    const wanted = Object.keys(removals).filter((name) => removals[name] === "asks");
    expect(asking.sort()).toEqual(wanted.sort());
  });
});
