import express, { type Express, type Request } from "express";
import { aircallAuth, AircallError, requireAircall, type AircallAuth, type GrantStore } from "express-aircall";

interface Parts {
  /** A store with `encryptionKeys`: keys are kept sealed only. */
  readonly grants: GrantStore;
  /** From your own login: the customer whose user this is, and whether they may change its settings. */
  readonly visitor: (req: Request) => { tenant: string; isAdmin: boolean } | null;
}

/** Each customer of a product brings the API key of its own Aircall account, and sees its own calls only. */
export function manyCustomers(app: Express, { grants, visitor }: Parts): AircallAuth {
  const company = (req: Request) => {
    const found = visitor(req);
    return found && { ref: found.tenant };
  };
  const auth = aircallAuth({ authScheme: "Basic", hold: "company", grants, company });
  app.use(auth);

  app.post("/settings/aircall", express.urlencoded(), async (req, res) => {
    const found = visitor(req);
    if (!found?.isAdmin || req.get("sec-fetch-site") !== "same-origin") return res.sendStatus(403);
    const { user, password } = req.body as { user: string; password: string };
    try {
      const { name } = await auth.connectKey({ ref: found.tenant }, { user, password }, { req, replace: true });
      res.send(`Connected to ${name}.`);
    } catch (error) {
      if (!(error instanceof AircallError && error.code === "key_refused")) throw error;
      res.status(422).send("Aircall refuses this key. Is it whole?");
    }
  });

  app.get("/calls", requireAircall(), async (req, res) => {
    res.json((await req.aircall.calls.list({ order: "desc" })).items);
  });
  return auth;
}
