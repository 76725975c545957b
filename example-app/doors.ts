import type { Request, RequestHandler } from "express";
import { aircallAuth, parseConnectionString } from "express-aircall";
import type { AircallAuth, AircallAuthOptions, GrantStore } from "express-aircall";
import type { AircallWebhooks, EventCompany } from "express-aircall";
import { chosenAccount } from "./chosen-company";
import { companyKey, type BoardCompany } from "./mirror/company";
import { keepByEvents } from "./mirror/events";
import type { Mirror } from "./mirror/mirror";
import { createKeys } from "./routes/key";

export interface DoorsParts {
  readonly aircall: AircallAuthOptions;
  /** Where companies' grants are kept. */
  readonly grants: GrantStore;
  /** Where API keys are kept that companies connect with; null takes none. */
  readonly keyGrants: GrantStore | null;
  readonly mirror: Mirror;
  /** Where Aircall reaches this board; null where it cannot, so that its lists are looked at each minute. */
  readonly publicUrl: string | null;
  readonly log: (error: unknown) => void;
}

/** The ways in, by OAuth (or the app's own key) and by the companies' keys, and the mirror's events of each. */
export interface Doors {
  readonly auth: AircallAuth;
  readonly keys: AircallAuth | null;
  /** Receives what Aircall sends. Mount them before anything that asks for a session. */
  readonly receivers: readonly RequestHandler[];
  /** Whose board this request is about; null when nobody is connected. Asks Aircall nothing. */
  companyOf(req: Request): Promise<BoardCompany | null>;
  /** After the server, and before what the grants lie in. */
  close(): Promise<void>;
}

interface Door {
  readonly auth: AircallAuth;
  readonly events: AircallWebhooks;
  readonly company: (event: EventCompany) => BoardCompany;
}

export function createDoors({ aircall, grants, keyGrants, mirror, publicUrl, log }: DoorsParts): Doors {
  const hooks = {
    onConnect: ({ account, companyRef }: { account: { id: number | null }; companyRef: string | null }) =>
      mirror.open(oauthOrKey(companyRef).company({ companyId: account.id, companyRef })),
    onDisconnect: (company: EventCompany) => mirror.forget(companyKey(company)),
    onHookError: log,
  };

  function open(auth: AircallAuth, path: string): Door {
    const url = publicUrl === null ? null : new URL(path, publicUrl).href;
    const toldBy = url === null ? "lists" : "events";
    const company = (event: EventCompany) => ({ ...companyAt(auth, event, () => events), toldBy }) as const;
    const events = keepByEvents({ auth, mirror, url, companyOf: company, log });
    return { auth, events, company };
  }

  const ownKey = hasOwnKey(aircall);
  const oauth = open(aircallAuth({ ...aircall, grants, hold: "company", ...(ownKey ? {} : hooks) }), "/aircall/events");
  const keys = keyGrants
    ? open(createKeys({ grants: keyGrants, apiUrl: aircall.apiUrl, ...hooks }), "/aircall/key-events")
    : null;
  const doors = keys ? [oauth, keys] : [oauth];
  const oauthOrKey = (companyRef: string | null): Door => (companyRef === null ? oauth : (keys ?? oauth));

  // Companies that connect get their webhook by themselves.
  const subscribing = ownKey && publicUrl !== null ? subscribe(oauth.events) : null;

  return {
    auth: oauth.auth,
    keys: keys?.auth ?? null,
    receivers: doors.map(({ events }) => events),
    async companyOf(req) {
      const account = await chosenAccount(req);
      if (!account) return null;
      const { tenant, byKey } = req.session;
      const companyRef = account.id === null && byKey && tenant ? tenant : null;
      return oauthOrKey(companyRef).company({ companyId: account.id, companyRef });
    },
    async close() {
      subscribing?.stop();
      await Promise.all(doors.map(({ events }) => events.close()));
      await Promise.all(doors.map(({ auth }) => auth.close()));
    },
  };
}

const againMs = 30_000;

/** Makes the webhook of the app's one company, as soon as Aircall lets it. */
function subscribe(events: AircallWebhooks): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  function tryIt(): void {
    events.subscribe(null).catch(() => (timer = setTimeout(tryIt, againMs).unref()));
  }
  tryIt();
  return { stop: () => clearTimeout(timer) };
}

/** With a key of its own the app serves one company, and none connects. */
function hasOwnKey({ user, connection = process.env["AIRCALL_CONNECTION"] ?? "" }: AircallAuthOptions): boolean {
  return Boolean(user ?? process.env["AIRCALL_API_ID"] ?? parseConnectionString(connection).User);
}

/** For those who ask for a client of the app's one company; any number would do. */
const onlyCompany = 1;

function companyAt(auth: AircallAuth, company: EventCompany, events: () => AircallWebhooks) {
  const { companyId, companyRef } = company;
  const named = companyId ?? (companyRef === null ? null : { ref: companyRef });
  return {
    key: companyKey(company),
    client: auth.clientFor(named ?? onlyCompany),
    catchUp: (since: Date) => events().catchUp(named, { since }),
  };
}
