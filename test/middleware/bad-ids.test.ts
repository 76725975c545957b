import request from "supertest";
import { createConnectedApp } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

/** Routes as people write them, with whatever the visitor sent. */
async function openApp() {
  const simulator = await startSimulator();
  const { app } = createConnectedApp(simulator.basic, {
    routes: (app) => {
      app.set("query parser", "extended");
      app.get("/calls/:id", async (req, res) => void res.json(await req.aircall.calls.get(req.params.id)));
      app.get("/numbers/:id", async (req, res) => void res.json(await req.aircall.numbers.get(Number(req.params.id))));
      app.get(
        "/raw/:id",
        async (req, res) => void res.json(await req.aircall.request("GET", `/v1/calls/${req.params.id}`)),
      );
      app.get("/recordings/:id", async (req, res) => req.aircall.calls.recording(req.params.id).pipe(res));
      app.get("/missed", async (req, res) => void res.json((await req.aircall.calls.list(req.query)).items));
      app.get(
        "/all",
        async (req, res) => void res.json(await req.aircall.calls.iterate(req.query).collect({ max: 5 })),
      );
      app.get("/nothing", async (req, res) => void res.json(await req.aircall.calls.get(undefined as never)));
      app.get("/one", async (req, res) => void res.json(await req.aircall.tags.get(req.query["id"] as string)));
    },
  });
  return { app, simulator };
}

describe("what a visitor sends in the place of an id", () => {
  it.each([
    "/calls/%2e%2e",
    "/calls/%00",
    "/calls/a%0d%0ab",
    "/numbers/abc",
    "/numbers/-1",
    "/numbers/1.5",
    "/raw/%2e%2e",
    "/raw/%00",
    "/raw/%2525zz%25zz",
    "/recordings/%00",
    "/missed?from=yesterday",
    "/missed?to=1700000000000",
    "/missed?page[$ne]=1",
    "/all?from=yesterday",
    "/all?to=1e99",
    "/one",
    "/one?id=",
    "/one?id[]=1",
    "/one?id[a]=1",
  ])("%s is the visitor's error and reaches nobody", async (path) => {
    const { app, simulator } = await openApp();
    const { status } = await request(app).get(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(simulator.requests).toEqual([]);
  });

  it("is named where the code forgot it", async () => {
    const { app } = await openApp();
    const { body } = await request(app).get("/nothing");
    expect(body).toMatchObject({ message: expect.stringContaining("GET /v1/calls/:id: the id is undefined") });
  });
});
