import type { GrantTokens } from "../grants/access";
import { companyLifeMs } from "../grants/ownership";
import { createProlonging } from "../grants/prolong";
import type { GrantStore } from "../grants/store";
import { apartFromRequest } from "../time/store-time";

/** Lets companies' grants live as long as they are used, by whomever: jobs and requests visit no session. */
export interface Uses {
  /** The same tokens; each time they are handed out, the grant was used. One that was merely looked at was not. */
  noting(store: GrantStore, id: string, tokens: GrantTokens): GrantTokens;
  /** Resolves when what was to be written is. */
  settled(): Promise<void>;
}

export function createUses(now: () => number = Date.now): Uses {
  const prolong = createProlonging(now);
  const underWay = new Set<Promise<void>>();

  function note(store: GrantStore, id: string): void {
    const written = apartFromRequest(() => prolong(store, id, { lifeMs: companyLifeMs })).finally(() =>
      underWay.delete(written),
    );
    underWay.add(written);
  }

  return {
    noting: (store, id, tokens) => ({
      ...tokens,
      async credential(deadline) {
        const credential = await tokens.credential(deadline);
        note(store, id);
        return credential;
      },
    }),
    async settled() {
      await Promise.all(underWay);
    },
  };
}
