import { createSimulator, type Simulator } from "express-aircall/simulator";

/** A pretend Aircall, for those who have no account. */
export async function startSimulator(): Promise<Simulator> {
  const simulator = createSimulator();
  await simulator.listen();
  return simulator;
}

/** What a board at this address would find in its environment if the simulator were the real Aircall. */
export function accountAt(address: string, { oauth }: Simulator): Record<string, string> {
  return {
    AIRCALL_CLIENT_ID: oauth.oauthClientId,
    AIRCALL_CLIENT_SECRET: oauth.oauthClientSecret,
    AIRCALL_API_URL: oauth.apiUrl,
    AIRCALL_AUTHORIZE_URL: oauth.authorizeUrl,
    AIRCALL_TOKEN_URL: oauth.tokenUrl,
    AIRCALL_CALLBACK_URL: `${address}/auth/aircall/callback`,
  };
}
