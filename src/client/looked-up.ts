import type { TokenSource } from "../http/credential";

/** Tokens that are looked for at each use, because a request may connect or disconnect on its way. */
export function lookedUp(find: () => Promise<TokenSource>, budget?: string): TokenSource {
  return {
    budget,
    owner: async () => (await find()).owner(),
    credential: async (deadline) => (await find()).credential(deadline),
    refused: async (credential, status, deadline, request) =>
      (await find()).refused(credential, status, deadline, request),
  };
}
