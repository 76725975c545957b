// Which of the ten tasks a folder's programs do: `node test/agents/judge.mjs FOLDER`. Build the library first.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createSimulator } from "express-aircall/simulator";
import { freePort } from "../bench/child.cjs";

const folder = resolve(process.argv[2] ?? ".");
const scratch = mkdtempSync(join(tmpdir(), "express-aircall-agents-"));
const day = 86_400;

const tasks = {
  1: async ({ simulator, run }) => {
    simulator.addCalls([{ missed_call_reason: "no_available_agent" }]);
    const from = Date.now() / 1000 - 7 * day;
    const missed = simulator.companies[0].calls.filter(
      ({ direction, answered_at, started_at }) => direction === "inbound" && answered_at === null && started_at >= from,
    );
    return (await run("1.mjs")).trim() === String(missed.length);
  },

  2: async ({ simulator, serve }) => {
    const { origin } = await serve("2.mjs");
    return (await (await fetch(`${origin}/company`)).json()).name === simulator.companies[0].name;
  },

  3: async ({ simulator, serve, out }) => {
    const token = "a-token-of-the-webhook";
    const { origin } = await serve("3.mjs", { AIRCALL_WEBHOOK_TOKEN: token, OUT: out });
    const forged = { event: "call.ended", resource: "call", timestamp: 1, token: "b", data: { id: 1 } };
    const headers = { "content-type": "application/json" };
    const { status } = await fetch(`${origin}/hooks`, { method: "POST", headers, body: JSON.stringify(forged) });
    simulator.addWebhook({ url: `${origin}/hooks`, token });
    const ids = [1, 2, 3]
      .map(() => simulator.emit("call.ended").map((sent) => (simulator.sendAgain(sent.id), sent)))
      .flat();
    await simulator.settled();
    const written = readFileSync(out, "utf8").trim().split("\n");
    return (
      status === 401 &&
      same(
        written,
        ids.map(({ body }) => String(body.data.id)),
      )
    );
  },

  4: async ({ simulator, serve }) => {
    const [, allowed] = simulator.companies;
    const { origin, port } = await serve("4.mjs", { ALLOWED: String(allowed.id) }, "oauth");
    const at = {
      path: "/me",
      headers: { Host: `localhost:${port}`, "Sec-Fetch-Mode": "navigate", Accept: "text/html" },
    };
    const cookie = await simulator.signIn(origin, { ...at, companyId: allowed.id });
    const { name } = await (await fetch(`${origin}/me`, { headers: { cookie } })).json();
    const other = await simulator.signIn(origin, { ...at, companyId: simulator.companies[0].id }).catch(() => "");
    const refused = await fetch(`${origin}/me`, { headers: { cookie: other }, redirect: "manual" });
    return name === allowed.name && refused.status !== 200;
  },

  5: async ({ simulator, serve }) => {
    const { origin } = await serve("5.mjs");
    const [company] = simulator.companies;
    const users = company.users.filter(({ id }) => company.numbers.some((number) => isOf(number, id)));
    const dial = async (user) => {
      const numberId = company.numbers.find((number) => isOf(number, user.id)).id;
      const body = JSON.stringify({ userId: user.id, numberId, to: "+442079460123" });
      const headers = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
      return (await fetch(`${origin}/dial`, { method: "POST", headers, body })).status;
    };
    const [free, busy] = [true, false].map((wanted) => users.find(({ available }) => available === wanted));
    const statuses = [await dial(free), await dial(busy)];
    simulator.fail({ match: { method: "POST" }, reset: "after", times: 1 });
    statuses.push(await dial(users.filter(({ available }) => available).at(-1)));
    return same(statuses, [202, 409, 504]) && simulator.dials.length === 2;
  },

  6: async ({ simulator, run, out }) => {
    const { id } = simulator.companies[0].calls.find(({ recording }) => recording !== null);
    await run("6.mjs", { CALL_ID: String(id), OUT: out });
    return readFileSync(out).length === 65_536;
  },

  7: async ({ simulator, run }) => {
    const before = simulator.companies[0].contacts.length;
    await run("7.mjs", {}, "+33199001234 Ada\n+33199005678 Grace\n+33199001234 Ada\n");
    const made = simulator.companies[0].contacts.slice(before).map(({ first_name }) => first_name);
    return same(made.sort(), ["Ada", "Grace"]);
  },

  8: async ({ run, restart }) => {
    const many = await restart({ calls: 12_000, rateLimit: 1_000 });
    return (await run("8.mjs")).trim() === String(many.companies[0].calls.length);
  },

  9: async ({ simulator, run }) => {
    const [company] = simulator.companies;
    const heard = company.calls.find(({ recording }) => recording !== null);
    const silent = company.calls.find(({ answered_at }) => answered_at === null);
    const say = async (call, changes = {}) => (await run("9.mjs", { CALL_ID: String(call.id), ...changes })).trim();
    const said = [await say(heard), await say(silent), await say(heard, { AIRCALL_API_TOKEN: "dead" })];
    simulator.entitle(company.id, { conversationIntelligence: false });
    said.push(await say(heard));
    return same(said, ["text", "none", "key", "plan"]);
  },

  10: async ({ run }) => {
    const test = async (app) => {
      const file = join(folder, `judge-${app}.mjs`);
      writeFileSync(file, appText(app));
      const passed = await run(["--test", "10.test.mjs"], { APP: pathToFileURL(file).href }).then(
        () => true,
        () => false,
      );
      rmSync(file);
      return passed;
    };
    return (await test("right")) && !(await test("wrong"));
  },
};

for (const [name, task] of Object.entries(tasks)) {
  const passed = await judge(task).catch((error) => `no: ${String(error.message ?? error).split("\n")[0]}`);
  console.log(`${name.padStart(2)}  ${passed === true ? "passed" : passed === false ? "no" : passed}`);
  if (passed !== true) process.exitCode = 1;
}
rmSync(scratch, { recursive: true });

/** Each task has a simulator of its own, and a minute. */
async function judge(task) {
  const children = [];
  let simulator = createSimulator({ kind: true });
  await simulator.listen();
  const restart = async (options) => {
    await simulator.close();
    simulator = createSimulator({ kind: true, ...options });
    await simulator.listen();
    return simulator;
  };
  const settings = () => ({
    AIRCALL_API_URL: simulator.url,
    AIRCALL_API_ID: simulator.companies[0].apiId,
    AIRCALL_API_TOKEN: simulator.companies[0].apiToken,
  });

  async function run(args, changes = {}, input = "") {
    const env = { PATH: process.env.PATH, ...settings(), ...changes };
    const child = spawn(process.execPath, [args].flat(), { cwd: folder, env });
    children.push(child);
    child.stdin.end(input);
    const [printed, complaint, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    if (code !== 0) throw new Error(`it ended with ${code}: ${complaint.trim()}`);
    return printed;
  }

  async function serve(file, changes = {}, scheme = "basic") {
    const port = await freePort();
    const env = {
      PATH: process.env.PATH,
      PORT: String(port),
      ...(scheme === "basic" ? settings() : oauth(port)),
      ...changes,
    };
    const child = spawn(process.execPath, [file], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
    children.push(child);
    const origin = `http://localhost:${port}`;
    while (
      !(await fetch(origin, { redirect: "manual" }).then(
        () => true,
        () => false,
      ))
    ) {
      if (child.exitCode !== null) throw new Error("it ended");
      await sleep(50);
    }
    return { origin, port };
  }

  function oauth(port) {
    const { oauthClientId, oauthClientSecret } = simulator.oauth;
    return {
      AIRCALL_API_URL: simulator.url,
      AIRCALL_AUTHORIZE_URL: `${simulator.url}/oauth/authorize`,
      AIRCALL_TOKEN_URL: `${simulator.url}/v1/oauth/token`,
      AIRCALL_CLIENT_ID: oauthClientId,
      AIRCALL_CLIENT_SECRET: oauthClientSecret,
      AIRCALL_CALLBACK_URL: `http://localhost:${port}/auth/aircall/callback`,
      SESSION_SECRET: "a secret of the judge, long enough",
    };
  }

  const out = join(scratch, `out-${Math.random().toString(36).slice(2)}`);
  const late = sleep(60_000, "no: it took a minute", { ref: false });
  try {
    return await Promise.race([task({ simulator, run, serve, restart, out }), late]);
  } finally {
    for (const child of children) child.kill();
    await simulator.close();
  }
}

/** An app to be tested, and one that shows every call. */
function appText(which) {
  const filter =
    which === "right" ? "if (call.direction === 'inbound' && call.status === 'done' && call.answered_at === null)" : "";
  return `
    import express from "express";
    import session from "express-session";
    import { aircallAuth, aircallErrors, requireAircall } from "express-aircall";
    export function createApp(settings) {
      const app = express();
      app.use(session({ secret: "sixteen characters or more", resave: false, saveUninitialized: false }));
      app.use(aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH" }));
      app.get("/missed", requireAircall(), async (req, res) => {
        const missed = [];
        for await (const call of req.aircall.calls.iterate()) ${filter} missed.push(call);
        res.json(missed);
      });
      return app.use(aircallErrors());
    }
  `;
}

function isOf(number, userId) {
  return number.users.some(({ id }) => id === userId);
}

function same(some, others) {
  return JSON.stringify([...some]) === JSON.stringify([...others]);
}
