import { AircallClient } from "../../src/client/client";
import { Answer } from "../../src/http/answer";
import { Download } from "../../src/downloads/download";
import { useApi } from "../support/servers/api";
import { composed, rowsOf } from "./every-row";

const { serve, connect } = useApi();

describe("every row", () => {
  it("gives an Answer, a Download or an Iteration, or a promise where it asks more than once", async () => {
    const client = new AircallClient(connect(await serve({ status: 204 })));
    const given = rowsOf(client).map(({ name, begin }): [string, unknown] => [name, begin()]);
    given.push(["request", client.request("GET", "/v1/teams")]);
    await Promise.allSettled(given.map(([, one]) => one));
    expect(given.filter(([, one]) => kindOf(one) === null).map(([name]) => name)).toEqual(composed);
    expect(given.filter(([, one]) => !kindOf(one) && !(one instanceof Promise))).toEqual([]);
    expect(new Set(given.map(([, one]) => kindOf(one)))).toEqual(new Set(["answer", "download", "iteration", null]));
  });
});

function kindOf(given: unknown): "answer" | "download" | "iteration" | null {
  if (given instanceof Answer) return "answer";
  if (given instanceof Download) return "download";
  const walks = typeof given === "object" && given !== null && Symbol.asyncIterator in given;
  return walks && "collect" in given ? "iteration" : null;
}
