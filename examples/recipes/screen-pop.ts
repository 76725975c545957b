import type { Express, Request, Response } from "express";
import type { EventHandlers } from "express-aircall";

interface Customer {
  readonly name: string;
  readonly url: string;
}

interface Parts {
  /** Who sits at this browser, by the e-mail address that they have at Aircall too; null where nobody is signed in. */
  readonly agentOf: (req: Request) => string | null;
  readonly findCustomer: (phone: string | null) => Promise<Customer | null>;
}

/** Shows who calls, in the agent's browser (`new EventSource("/calls/ringing")`) and in their Aircall phone. */
export function screenPop(app: Express, { agentOf, findCustomer }: Parts): EventHandlers {
  const screens = new Map<string, Response>();

  app.get("/calls/ringing", (req, res) => {
    const agent = agentOf(req);
    if (agent === null) return res.sendStatus(401);
    res.writeHead(200, { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" }).flushHeaders();
    screens.set(agent, res);
    res.on("close", () => screens.get(agent) === res && screens.delete(agent));
  });

  return {
    "call.created": async ({ data: call, client }) => {
      const customer = await findCustomer(call.raw_digits);
      if (call.direction !== "inbound" || customer === null) return;
      const contents = [{ type: "title", text: customer.name, link: customer.url } as const];
      await (await client()).calls.sendInsightCard(call.id, { contents });
    },
    "call.ringing_on_agent": async ({ data: call }) => {
      const shown = { callId: call.id, customer: await findCustomer(call.raw_digits) };
      screens.get(call.user?.email ?? "")?.write(`data: ${JSON.stringify(shown)}\n\n`);
    },
  };
}
