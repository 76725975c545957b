import { NotConnectedError } from "express-aircall";
import { readAgents } from "./agents";
import type { BoardCompany, CompanyKey } from "./company";
import { fill, troubleCode, weekSeconds } from "./fill";
import type { Mirror } from "./mirror";
import { mirrorCall } from "./mirrored-call";
import { emptyProgress, readFilling, type Filling } from "./progress";
import type { SharedState } from "./shared-state";

export interface UpkeepParts {
  readonly mirror: Mirror;
  readonly state: SharedState;
  readonly now: () => number;
  /** How many calls of a company are kept at most. */
  readonly most: number;
}

/** What one process does while no other does it. */
export interface Turn {
  readonly stillOurs: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Aircall's clock and ours may differ. */
const marginSeconds = 60;
/** Nothing heard for so long, while somebody looks, is a reason to ask whether Aircall is there. */
const quietMs = 60_000;

/** What a company's mirror needs at a time: to be filled, to catch up, to be bounded. */
export function createUpkeep({ mirror, state, now, most }: UpkeepParts) {
  async function upkeep(company: BoardCompany, turn: Turn): Promise<void> {
    const { key } = company;
    const filling = readFilling(mirror.fields(key, "filling"));
    if (filling?.state !== "full") return fillNow(company, filling, turn);
    if (filling.trouble) return catchUp(company, filling);
    await dropOld(key);
    if (!mirror.isWatched(key)) return;
    if (company.toldBy === "lists") return lookAtLists(company, turn);
    if (now() - mirror.heardAt(key) > quietMs) await ask(company, turn);
  }

  async function fillNow(company: BoardCompany, begun: Filling | null, { signal, stillOurs }: Turn): Promise<void> {
    const { key, client } = company;
    if (mirror.fields(key, "agents").size === 0) await readAgents(mirror, company, { signal, now });
    await fill({
      ...{ client, begun, most, now, signal, stillOurs },
      async keep(calls, filling) {
        await mirror.put(key, calls);
        // Behind the calls, so that a walk that is broken off in between leaves none of them out.
        await mirror.write(key, "filling", { walk: JSON.stringify(filling) });
      },
    });
    const filled = readFilling(mirror.fields(key, "filling"));
    if (filled?.state === "full") await catchUp(company, filled);
  }

  /** What happened since the walk began, in case that nobody was told of it yet; or since something stood in the way. */
  async function catchUp(company: BoardCompany, filling: Filling): Promise<void> {
    const since = filling.trouble?.since ?? filling.begunAt;
    await company.catchUp(new Date((since - marginSeconds) * 1000));
    if (!filling.trouble) return;
    await mirror.write(company.key, "filling", { walk: JSON.stringify({ ...filling, trouble: null }) });
  }

  async function dropOld(key: CompanyKey): Promise<void> {
    const calls = mirror.calls(key);
    const oldest = Math.floor(now() / 1000) - weekSeconds;
    const surplus = calls.length - most;
    const old = calls.filter(({ startedAt }, index) => startedAt < oldest || index < surplus);
    if (old.length === 0) return;
    await state.write({
      ...{ company: key, subject: "calls" },
      fields: Object.fromEntries(old.map(({ id }) => [id, null])),
    });
  }

  /** A request a minute at most, of all viewers and processes together. */
  async function ask({ key, client }: BoardCompany, { signal }: Turn): Promise<void> {
    await client.ping({ lane: "bulk", signal });
    await mirror.write(key, "filling", { askedAt: String(now()) });
  }

  /** Who is there, and what was noted at the latest calls: what Aircall's lists do not tell as events. */
  async function lookAtLists(company: BoardCompany, { signal }: Turn): Promise<void> {
    const { key, client } = company;
    const at = now();
    if (at - Number(mirror.fields(key, "filling").get("askedAt") ?? 0) < quietMs) return;
    // First, so that no other process looks too.
    await mirror.write(key, "filling", { askedAt: String(at) });
    await readAgents(mirror, company, { signal, now });
    const from = Math.floor(at / 1000) - weekSeconds;
    const query = { from, order: "desc", per_page: 50, fetch_contact: true } as const;
    const { items } = await client.calls.list(query, { lane: "bulk", signal });
    await mirror.put(
      key,
      items.map((call) => mirrorCall(call, Math.floor(at / 1000))),
    );
  }

  async function noteTrouble(key: CompanyKey, error: unknown): Promise<void> {
    // Who left has no mirror.
    if (error instanceof NotConnectedError) return;
    const filling = readFilling(mirror.fields(key, "filling"));
    const since = filling?.trouble?.since ?? Math.floor(now() / 1000);
    const begun: Filling = filling ?? { ...emptyProgress, cursor: null, begunAt: since };
    const walk = JSON.stringify({ ...begun, trouble: { code: troubleCode(error), since } });
    await mirror.write(key, "filling", { walk });
  }

  return { do: upkeep, noteTrouble };
}
