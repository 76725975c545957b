import { printFigures, type Figures } from "./figures";
import { startIndependentProvider, startSimulator } from "./provider";
import { renewTogether } from "./renewal";

/** `npm run soak` tries everything as often as the issue says; elsewhere a little of it. */
const full = process.env["SOAK"] === "1";
const rows: Record<string, Figures> = {};

jest.setTimeout(full ? 3_600_000 : 60_000);
afterAll(() => printFigures(rows));

/** The row that will be printed, and whether anything went wrong that nobody handled. */
async function play(scenario: string, played: Promise<Figures>): Promise<Figures> {
  const figures = (rows[scenario] = await played);
  expect(figures.trouble).toEqual([]);
  return figures;
}

describe("renewal, every process at once", () => {
  const counts = full ? { requests: 50, expiries: 200 } : { requests: 20, expiries: 5 };
  const everybodyServed = { lost: 0, renewalsPerExpiry: 1, mostInFlight: 1 };

  it("spends each refresh token once over four processes", async () => {
    const provider = await startSimulator({});
    expect(await play("R1 Redis", renewTogether({ provider, processes: 4, ...counts }))).toMatchObject(everybodyServed);
  });

  it("spends each refresh token once while others write the session", async () => {
    const provider = await startSimulator({});
    const played = renewTogether({ provider, processes: 4, writers: 3, ...counts });
    expect(await play("R2 Redis, writers", played)).toMatchObject(everybodyServed);
  });

  it.each(["memory", "session"] as const)("spends each refresh token once with grants in %s", async (grants) => {
    const provider = await startSimulator({});
    const played = renewTogether({ provider, grants, processes: 1, writers: 3, ...counts });
    expect(await play(`R1 ${grants}`, played)).toMatchObject(everybodyServed);
  });

  it("spends each refresh token once at a server that is not ours", async () => {
    const provider = await startIndependentProvider();
    const played = renewTogether({ provider, processes: 2, writers: 3, ...counts });
    expect(await play("R1 oidc-provider", played)).toMatchObject(everybodyServed);
  });
});
