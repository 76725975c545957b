import { createSimulator, type Simulator } from "express-aircall/simulator";

/** The simulator as a board sees it: what it can do there beyond what Aircall can. */
export interface Pretend {
  /** Its own page. */
  readonly url: string;
  /** Its companies' ids by their names. */
  readonly companies: Readonly<Record<string, number>>;
}

/** Over all of its companies: enough to see one come in while one looks. */
const callsPerMinute = 8;

/** A pretend Aircall, for those who have no account. It lives: calls ring, are answered or missed while one looks. */
export async function startSimulator(): Promise<Simulator> {
  const simulator = createSimulator({ live: { callsPerMinute } });
  await simulator.listen();
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
