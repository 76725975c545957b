import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { AircallClient } from "../../src/client/client";
import { AircallError } from "../../src/errors/errors";
import { calledFrom } from "../../src/http/call-site";
import { rowsOf, settle } from "../resources/every-row";
import { useApi } from "../support/servers/api";

const { serve, connect } = useApi();

async function failing(status = 404) {
  return new AircallClient(connect(await serve({ status }), { timeoutMs: 5_000 }));
}

/** As a developer has it: awaited where it is asked, within a function that has a name. */
async function showTheCall(client: AircallClient): Promise<unknown> {
  return client.calls.get(7);
}

async function showEveryCall(client: AircallClient): Promise<void> {
  for await (const _call of client.calls.iterate());
}

async function failure(asked: Promise<unknown>): Promise<AircallError> {
  return asked.then(
    () => expect(asked).toBe("rejected"),
    (error: unknown) => error,
  ) as Promise<AircallError>;
}

describe("an error's stack", () => {
  it("shows the function that called, once, behind the library's own frames", async () => {
    const { stack, message } = await failure(showTheCall(await failing()));
    expect(stack).toMatch(new RegExp(`^ApiError: ${message.replace(/[().]/g, "\\$&")}\n`));
    expect(stack!.match(/showTheCall/g)).toHaveLength(1);
    expect(stack).toContain(__filename);
  });

  it.each<[string, (client: AircallClient) => Promise<unknown>]>([
    ["the loop over a walk", showEveryCall],
    [
      "collect()",
      async function collectThem(client) {
        return client.calls.iterate().collect({ max: 5 });
      },
    ],
    [
      "withResponse()",
      async function withResponse(client) {
        return client.calls.get(7).withResponse();
      },
    ],
    [
      "an argument that is none",
      async function noArgument(client) {
        return client.calls.get(undefined as never);
      },
    ],
  ])("shows %s", async (_what, ask) => {
    const { stack } = await failure(ask(await failing()));
    expect(stack).toContain(__filename);
    expect(stack).toContain(ask.name);
  });

  it("shows the caller for every row", async () => {
    const client = await failing(400);
    const silent: string[] = [];
    for (const { name, begin } of rowsOf(client)) {
      const { stack } = await failure(Promise.resolve().then(() => settle(begin())));
      if (!stack!.includes("every-row.ts")) silent.push(name);
    }
    expect(silent).toEqual([]);
  });

  it("is each caller's own where they share one answer", async () => {
    const client = await failing();
    async function otherPage(): Promise<unknown> {
      return client.calls.get(7);
    }
    const [one, other] = await Promise.all([failure(showTheCall(client)), failure(otherPage())]);
    expect([one.stack!.includes("otherPage"), other.stack!.includes("showTheCall")]).toEqual([false, false]);
  });

  it("leaves what is none of ours as it was", () => {
    const reason = new Error("left");
    const { stack } = reason;
    expect([calledFrom(reason, { stack: "x\n    at them (file.js:1:1)" }), reason.stack]).toEqual([reason, stack]);
  });

  it("costs nothing in production, where it is not there", () => {
    const script = `
      require(${JSON.stringify(join(__dirname, "../support/typescript-sources.cjs"))});
      const { callSite } = require(${JSON.stringify(join(__dirname, "../../src/http/call-site.ts"))});
      process.stdout.write(String(callSite()));`;
    const told = (NODE_ENV: string) =>
      spawnSync(process.execPath, ["-e", script], { env: { ...process.env, NODE_ENV }, encoding: "utf8" }).stdout;
    expect([told("production"), told("development")]).toEqual(["null", "[object Object]"]);
  });
});
