import express, { type Express, type Request } from "express";
import { AircallError, requireAircall } from "express-aircall";

/** What to tell the agent, by the error's code. */
const reasons: Record<string, string> = {
  agent_unavailable: "Your Aircall phone is not available: open it, and end the call you are in.",
  bad_request: "This number cannot be called from your line.",
  not_found: "You have no user at Aircall.",
  rate_limited: "Aircall is busy. Try again in a minute.",
};

/** An Aircall error's own status tells a program; this one tells the page whether it may call already. */
const statuses: Record<string, number> = { unknown: 504, not_sent: 503 };

interface Parts {
  /** The agent's user id at Aircall, and the line to call from. */
  readonly lineOf: (req: Request) => { userId: number; numberId: number };
}

/** A button that calls: `POST /dial` with `to=+442079460123`. Says why it did not, and whether it may have. */
export function clickToDial(app: Express, { lineOf }: Parts): void {
  app.post("/dial", express.urlencoded(), requireAircall(), async (req, res) => {
    if (req.get("sec-fetch-site") !== "same-origin") return res.sendStatus(403);
    const { userId, numberId } = lineOf(req);
    const { to } = req.body as { to: string };
    try {
      await req.aircall.users.startCall(userId, { number_id: numberId, to });
      res.status(202).send("It is calling.");
    } catch (error) {
      if (!(error instanceof AircallError)) throw error;
      const maybe = error.outcome === "unknown" ? " It may be calling: look at your phone." : "";
      res.status(statuses[error.outcome ?? ""] ?? 409).send((reasons[error.code] ?? "It could not be called.") + maybe);
    }
  });
}
