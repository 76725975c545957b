import { ApiError, type AircallClient } from "express-aircall";

/**
 * Puts numbers (E.164) into an agent's Power Dialer, and answers those that it took. Aircall refuses all where one of
 * them waits there already, and says which: those are left out, once.
 */
export async function queueCalls(client: AircallClient, userId: number, numbers: readonly string[]): Promise<string[]> {
  const { dialerCampaigns } = client;
  const wanted = [...new Set(numbers)];
  const campaign = await dialerCampaigns.get(userId);
  const add = campaign === null ? dialerCampaigns.create : dialerCampaigns.addNumbers;
  try {
    if (wanted.length > 0) await add(userId, { phone_numbers: wanted });
    return wanted;
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "unprocessable")) throw error;
    const waiting = new Set(error.phoneNumbers());
    const others = wanted.filter((number) => !waiting.has(number));
    if (others.length === wanted.length) throw error;
    return others.length === 0 ? [] : queueCalls(client, userId, others);
  }
}
