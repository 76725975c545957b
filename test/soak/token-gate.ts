import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";

/** Stands before a token endpoint: counts what passes, takes time, and loses answers. */
export interface TokenGate {
  readonly url: string;
  /** What came of the consent whose refresh token this is or was. */
  familyOf(refreshToken: string | null | undefined): Family | undefined;
  readonly renewals: number;
  /** Of one grant at a time. */
  readonly mostInFlight: number;
  readonly lostAnswers: number;
  /** The shortest time from a lost answer until the same token came again; Infinity when none did. */
  readonly soonestAgainMs: number;
  /** Renewals that have come and are not answered yet. */
  readonly held: number;
  /** Codes that have come to be exchanged, and those that are not answered yet. */
  readonly exchanges: number;
  readonly heldExchanges: number;
  /** Lets the codes pass that are held, and all that come. */
  releaseExchanges(): void;
  /** From now on every renewal passes. */
  endTrouble(): void;
  close(): Promise<void>;
}

/** All refresh tokens of one consent. */
export interface Family {
  /** The last one that the server gave out, whether or not anybody received it. */
  current: string;
  renewals: number;
  inFlight: number;
}

export interface GateSettings {
  /** Before the server hears of a renewal. */
  readonly beforeMs?: number;
  /** Between the server's answer and its arrival. */
  readonly afterMs?: number;
  /** One answer in so many never arrives. The answer to a repeated token does: a server forgives once. */
  readonly losesOneIn?: number;
  /** Whether answers to codes wait until they are released. */
  readonly holdsExchanges?: boolean;
  /** What becomes of renewals instead of reaching the server, one after the other and over again; null reaches it. */
  readonly trouble?: readonly (Trouble | null)[];
}

export type Trouble = { readonly status: number; readonly error: string } | "reset";

export async function startTokenGate(tokenUrl: string, settings: GateSettings = {}): Promise<TokenGate> {
  const { beforeMs = 50, afterMs = 50, losesOneIn = Infinity, holdsExchanges = false } = settings;
  let trouble = settings.trouble ?? [];
  let releaseExchanges = (): void => undefined;
  const exchangesReleased = new Promise<void>((resolve) => (releaseExchanges = resolve));
  if (!holdsExchanges) releaseExchanges();
  const families = new Map<string, Family>();
  /** When the answer to this refresh token was lost or sent; Infinity until then. */
  const answeredAt = new Map<string, number>();
  const counts = {
    renewals: 0,
    mostInFlight: 0,
    lostAnswers: 0,
    soonestAgainMs: Infinity,
    held: 0,
    exchanges: 0,
    heldExchanges: 0,
  };

  async function pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await text(req);
    const spent = refreshTokenIn(body);
    if (spent === null) return exchange(req, res, body);
    const kind = trouble[counts.renewals % trouble.length];
    if (kind) {
      counts.renewals += 1;
      return cause(res, kind);
    }

    const family = families.get(spent);
    const arrives = noteSpending(spent) === "again" || answeredAt.size % losesOneIn !== 0;
    enter(family);
    await sleep(beforeMs);
    const answer = await forward(req, body, family);
    await sleep(afterMs);
    leave(family);
    answeredAt.set(spent, performance.now());
    if (arrives) return send(res, answer);
    counts.lostAnswers += 1;
    res.socket?.resetAndDestroy();
  }

  async function exchange(req: IncomingMessage, res: ServerResponse, body: string): Promise<void> {
    counts.exchanges += 1;
    counts.heldExchanges += 1;
    const answer = await forward(req, body, null);
    await exchangesReleased;
    counts.heldExchanges -= 1;
    send(res, answer);
  }

  function noteSpending(spent: string): "first" | "again" {
    const last = answeredAt.get(spent);
    if (last === undefined) {
      answeredAt.set(spent, Infinity);
      return "first";
    }
    counts.soonestAgainMs = Math.min(counts.soonestAgainMs, Math.max(0, Math.round(performance.now() - last)));
    return "again";
  }

  function enter(family: Family | undefined): void {
    counts.renewals += 1;
    counts.held += 1;
    if (!family) return;
    family.renewals += 1;
    family.inFlight += 1;
    counts.mostInFlight = Math.max(counts.mostInFlight, family.inFlight);
  }

  function leave(family: Family | undefined): void {
    counts.held -= 1;
    if (family) family.inFlight -= 1;
  }

  async function forward({ headers }: IncomingMessage, body: string, family: Family | null | undefined) {
    const type = { "content-type": headers["content-type"] ?? "" };
    const answer = await request(tokenUrl, { method: "POST", headers: type, body });
    const passedOn = { status: answer.statusCode, body: await answer.body.text() };
    const given = refreshTokenIn(passedOn.body);
    if (given !== null) families.set(given, adopt(family, given));
    return passedOn;
  }

  const server = createServer((req, res) => void pass(req, res)).listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    familyOf: (refreshToken) => families.get(refreshToken ?? ""),
    get renewals() {
      return counts.renewals;
    },
    get mostInFlight() {
      return counts.mostInFlight;
    },
    get lostAnswers() {
      return counts.lostAnswers;
    },
    get soonestAgainMs() {
      return counts.soonestAgainMs;
    },
    get held() {
      return counts.held;
    },
    get exchanges() {
      return counts.exchanges;
    },
    get heldExchanges() {
      return counts.heldExchanges;
    },
    releaseExchanges,
    endTrouble() {
      trouble = [];
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function adopt(family: Family | null | undefined, current: string): Family {
  return family ? Object.assign(family, { current }) : { current, renewals: 0, inFlight: 0 };
}

/** Requests come as JSON or as a form, answers as JSON. */
function refreshTokenIn(body: string): string | null {
  if (!body.startsWith("{")) return new URLSearchParams(body).get("refresh_token");
  return (JSON.parse(body) as { refresh_token?: string }).refresh_token ?? null;
}

function send(res: ServerResponse, { status, body }: { status: number; body: string }): void {
  res.writeHead(status, { "content-type": "application/json" }).end(body);
}

function cause(res: ServerResponse, trouble: Trouble): void {
  if (trouble === "reset") res.socket?.resetAndDestroy();
  else send(res, { status: trouble.status, body: JSON.stringify({ error: trouble.error }) });
}
