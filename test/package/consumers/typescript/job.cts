import { createAircallClient, type Page, type Call } from "express-aircall";
import { createSimulator } from "express-aircall/simulator";

/** A CommonJS file beside the others: same doors, same types. */
export async function countMissed(): Promise<number> {
  const client = createAircallClient(createSimulator().basic);
  const page: Page<Call> = await client.calls.list();
  return page.items.filter(({ answered_at }) => answered_at === null).length;
}
