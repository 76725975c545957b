import { createSimulator, type Simulator } from "express-aircall/simulator";
import type { Pretend } from "../routes/pretend";

/** By themselves, over all of its companies; most are answered. */
const callsPerMinute = 8;
/** What else happens, in turn, so that nobody waits long to see what the board is for. */
const outcomes = ["missed", "voicemail"] as const;
const everyMs = 45_000;
const pauseMs = 2_000;

/** A pretend Aircall, for those who have no account. It lives: calls ring, are missed, voicemails come while one looks. */
export async function startSimulator(): Promise<Simulator> {
  const simulator = createSimulator({ live: { callsPerMinute } });
  await simulator.listen();
  let turn = 0;
  setInterval(() => {
    const outcome = outcomes[turn % outcomes.length];
    for (const { id } of simulator.companies) void simulator.playCall({ companyId: id, outcome, pauseMs });
    turn += 1;
  }, everyMs).unref();
  return simulator;
}

/** What a board at this address would find in its environment if the simulator were the real Aircall. */
export function accountAt(address: string, simulator: Simulator): Record<string, string> {
  const { oauth } = simulator;
  return {
    AIRCALL_CLIENT_ID: oauth.oauthClientId,
    AIRCALL_CLIENT_SECRET: oauth.oauthClientSecret,
    AIRCALL_API_URL: oauth.apiUrl,
    AIRCALL_AUTHORIZE_URL: oauth.authorizeUrl,
    AIRCALL_TOKEN_URL: oauth.tokenUrl,
    AIRCALL_CALLBACK_URL: `${address}/auth/aircall/callback`,
    PUBLIC_URL: address,
    [pretendVariable]: JSON.stringify(pretendOf(simulator)),
  };
}

export function pretendOf({ url, companies }: Simulator): Pretend {
  return { url, companies: Object.fromEntries(companies.map(({ name, id }) => [name, id])) };
}

/** Null before the real Aircall. */
export function readPretend(env: NodeJS.ProcessEnv): Pretend | null {
  const said = env[pretendVariable];
  return said === undefined ? null : (JSON.parse(said) as Pretend);
}

const pretendVariable = "BOARD_SIMULATOR";
