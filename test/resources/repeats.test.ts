import { AircallClient } from "../../src/client";
import { useApi } from "../support/api";
import { bringFiles, everyRow } from "./every-row";

const { serve, connect } = useApi();

/** Nothing at all is no empty list. */
const bringsList = (row: string) => /\.(list|search|iterate|getTracker)/.test(row);

describe("every row", () => {
  it("is sent once when it acts and Aircall fails, and again when it may be", async () => {
    const api = await serve({ status: 503 });
    for (const [row, ask] of everyRow(new AircallClient(connect(api)))) {
      api.arrived.length = 0;
      await expect(ask()).rejects.toMatchObject({ code: "server_error" });
      const [first] = api.arrived;
      expect([row, api.arrived.length]).toEqual([row, first!.method === "POST" ? 1 : 3]);
    }
  });

  it("resolves when Aircall answers with nothing, unless it asks for a list", async () => {
    const api = await serve({ status: 204 });
    for (const [row, ask] of everyRow(new AircallClient(connect(api)))) {
      api.arrived.length = 0;
      if (bringFiles.includes(row)) await expect(ask()).rejects.toMatchObject({ code: "not_found" });
      else if (bringsList(row)) await expect(ask()).rejects.toMatchObject({ code: "connection_failed" });
      else await expect(ask().then(() => row)).resolves.toBe(row);
      expect([row, api.arrived.length]).toEqual([row, bringsList(row) ? 3 : 1]);
    }
  });
});
