import type { Request } from "express";
import type { CompanyName } from "../../config/company-id";
import type { CompanyListener } from "../../connections/company-listener";
import type { Account, Grant, NewGrant } from "../../grants/grant";
import type { GrantStore } from "../../grants/store";
import { within } from "../../time/within";
import { companyOf, type Change } from "./change";
import { createMarks, type Mark } from "./marks";
import { tellInTurn } from "./turn";

/** A change that is about to be written, and noted as such. */
export interface Announced {
  /** The change is written: tells the listener, where it still holds. */
  done(): Promise<void>;
  /** The change was not written, and will not be. */
  undone(): Promise<void>;
}

export interface Delivery {
  /** Null where the listener does not hear of such changes. */
  announce(change: Change, grant: Grant | NewGrant, first: boolean): Promise<Announced | null>;
  /** Tells what other processes have left behind, and retries what failed. */
  poll(): Promise<void>;
  /** Waits for what is being told. */
  settled(): Promise<void>;
}

export interface DeliveryParts {
  readonly store: GrantStore;
  /** See {@link appKey}. */
  readonly app: string | null;
  readonly listener: CompanyListener;
  readonly now: () => number;
}

/** The lease on a mark: longer than a change takes to be written and told. */
export const leaseMs = 60_000;
const tellingMs = 30_000;
const aMinuteMs = 60_000;
/** The back-off between attempts; the one after the last pause is final. */
const pausesMs = [1, 2, 5, 15, 60, 180, 360].map((minutes) => minutes * aMinuteMs);
const mostTries = pausesMs.length + 1;

export function createDelivery({ store, app, listener, now }: DeliveryParts): Delivery {
  const marks = createMarks({ store, kind: `hooks:${app ?? "-"}:${listener.name}`, leaseMs, now });
  const underWay = new Set<Promise<unknown>>();

  async function tell(mark: Mark, account: Account, req: Request | null): Promise<void> {
    try {
      await within({ limitMs: tellingMs, late }, call(mark, account, req));
    } catch (error) {
      return failed(mark, error);
    }
    await marks.drop(mark);
  }

  async function call(mark: Mark, account: Account, req: Request | null): Promise<void> {
    const { id, company, companyId, companyRef, first } = mark;
    if (mark.act === "connect") {
      await listener.connected?.({ id, company, account, companyRef, first, reason: mark.reason, req });
    } else await listener.disconnected?.({ id, company, companyId, companyRef, reason: mark.reason });
  }

  async function failed(mark: Mark, error: unknown): Promise<void> {
    const { act, id, companyId, companyRef, tries } = mark;
    const pauseMs = pausesMs[tries - 1];
    listener.failed(error, { act, id, companyId, companyRef, attempt: tries, final: pauseMs === undefined });
    await (pauseMs === undefined ? marks.drop(mark) : marks.postpone(mark, pauseMs));
  }

  /** Tells what still holds: no connection that has ended meanwhile, and no end after which the company came back. */
  async function tellIfSo(mark: Mark): Promise<void> {
    if (mark.tries > mostTries)
      return failed(mark, new Error("Every process that told it has ended before that was done."));
    const active = await activeGrants(store, app, mark.company);
    if (mark.act === "disconnect") {
      return active.length === 0 ? tell(mark, nobody, null) : marks.drop(mark);
    }
    const grant = active.find(({ connectedAt }) => connectedAt.getTime() === mark.connectedAt);
    return grant ? tell(mark, grant.account, null) : marks.drop(mark);
  }

  function tracked<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    const done = () => void underWay.delete(work);
    work.then(done, done);
    return work;
  }

  return {
    async announce(change, grant, first) {
      if (!(change.act === "connect" ? listener.connected : listener.disconnected)) return null;
      const { account, ref, connectedAt } = grant;
      const whose = { company: companyOf(grant)!, companyId: account.id, companyRef: ref };
      const mark = await marks.add({ ...change, ...whose, connectedAt: connectedAt.getTime(), first });

      return {
        async done() {
          if (mark.act === "disconnect" && (await activeGrants(store, app, mark.company)).length > 0) {
            return marks.drop(mark);
          }
          tellInTurn((req) => tracked(tell(mark, account, req)));
        },
        undone: () => marks.drop(mark),
      };
    },
    async poll() {
      for await (const due of marks.due()) {
        await Promise.all(
          due.map(async (mark) => {
            const taken = await marks.take(mark);
            if (taken) await tracked(tellIfSo(taken));
          }),
        );
      }
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

const nobody: Account = { id: null, name: null, user: null };

function late(): never {
  throw new Error(`It has not ended within ${tellingMs / 1000} s.`);
}

/** The active grants that a company gave to an app. */
export async function activeGrants(store: GrantStore, app: string | null, company: CompanyName): Promise<Grant[]> {
  const ids = await store.idsOf(app, company);
  const grants = await (store.getMany?.(ids) ?? Promise.all(ids.map((id) => store.get(id))));
  return grants.filter((grant): grant is Grant => grant?.state === "active");
}
