import type { Simulator } from "express-aircall/simulator";
import { buildIfStale } from "../support/build";
import { runOwnCommand } from "../support/own-command";
import { startSimulator } from "../support/servers/simulated";

/** Settings of an app with the second company's API key. */
function keyOf({ companies: [, { apiId, apiToken }], url }: Simulator) {
  return { AIRCALL_API_ID: apiId, AIRCALL_API_TOKEN: apiToken, AIRCALL_API_URL: url };
}

describe("npx express-aircall whoami, with an API key", () => {
  beforeAll(() => buildIfStale("library"), 240_000);

  it("says whose it is, where it came by a variable or by a connection string, and never the key", async () => {
    const simulator = await startSimulator();
    const [{ name }, env] = [simulator.companies[1], keyOf(simulator)];
    const said = {
      code: 0,
      stdout: `Company:  ${name}\nScheme:   Basic\nState:    alive: Aircall accepts it\n`,
      stderr: "",
    };
    expect(await runOwnCommand(["whoami"], env)).toEqual(said);
    const connection = `AuthScheme=Basic;User=${env.AIRCALL_API_ID};Password=${env.AIRCALL_API_TOKEN}`;
    const { AIRCALL_API_URL } = env;
    expect(await runOwnCommand(["whoami", "--connection", connection], { AIRCALL_API_URL })).toEqual(said);
    expect(new Set(simulator.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  it("says it to programs, too", async () => {
    const simulator = await startSimulator();
    const { code, stdout } = await runOwnCommand(["whoami", "--json"], keyOf(simulator));
    const company = { id: null, name: simulator.companies[1].name, user: null };
    const kept = { location: null, since: null };
    expect([code, JSON.parse(stdout)]).toEqual([0, { company, scheme: "Basic", ...kept, alive: true, reason: null }]);
  });

  it("says that Aircall refuses a key that is wrong, shows none of it, and ends with 1", async () => {
    const simulator = await startSimulator();
    const env = { ...keyOf(simulator), AIRCALL_API_TOKEN: "s3nt1nel-of-a-token" };
    const { code, stdout, stderr } = await runOwnCommand(["whoami"], env);
    expect([code, stdout, stderr]).toEqual([1, expect.stringMatching(/^Scheme: {3}Basic\nState: {4}not alive: /), ""]);
    expect(stdout).not.toMatch(new RegExp(`s3nt1nel|${Buffer.from("s3nt1nel").toString("base64").slice(0, -2)}`));
  });

  it("does not say so where Aircall could not be asked", async () => {
    const simulator = await startSimulator();
    const env = keyOf(simulator);
    simulator.fail({ status: 500 });
    const { code, stdout } = await runOwnCommand(["whoami"], env);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/\nState: {4}unknown: /)]);
  });
});
