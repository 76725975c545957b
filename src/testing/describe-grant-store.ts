import { claimCases } from "./claim-cases";
import { companyCases } from "./company-cases";
import { grantCases } from "./grant-cases";
import { linkCases } from "./link-cases";
import { lockCases } from "./lock-cases";
import { recordCases } from "./record-cases";
import { rowsOfCalls } from "./rows-of-calls";
import type { Case, StoreUnderTest } from "./stage";

/** What jest, vitest, mocha and node:test have in common. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}

/** Options of `describeGrantStore()`. */
export interface GrantStoreSuiteOptions {
  /** The test runner's functions. Default: the globals `describe` and `it`, as jest has them. */
  runner?: TestRunner | undefined;
  /** How many random sequences of calls are compared with a model of a store. Default 1,000. */
  numRuns?: number | undefined;
}

/**
 * Contract tests: describes what every grant store promises, as tests of yours; one store for each, made by
 * `createStore`, which gets the clock that the tests move (epoch milliseconds). Over several processes it proves
 * nothing: run it on two stores that share their data besides, one after the other.
 */
export function describeGrantStore(
  name: string,
  createStore: (now: () => number) => StoreUnderTest | Promise<StoreUnderTest>,
  options: GrantStoreSuiteOptions = {},
): void {
  const { runner = globalsOf(), numRuns = 1_000 } = options;

  async function run(holds: Case[1]): Promise<void> {
    let at = Date.now();
    const { store, pass: passInside, close } = await createStore(() => at);
    const pass = async (ms: number) => {
      at += ms;
      await passInside?.(ms);
    };
    try {
      await holds({ store, pass, numRuns });
    } finally {
      await close?.();
    }
  }

  runner.describe(`${name}, as a grant store`, () => {
    const kept = [...grantCases, ...linkCases, ...companyCases, ...recordCases];
    for (const [promise, holds] of [...kept, ...claimCases, ...lockCases, rowsOfCalls])
      runner.it(promise, () => run(holds));
  });
}

/** @throws {Error} there is no `describe` and no `it`. */
function globalsOf(): TestRunner {
  const { describe, it } = globalThis as Partial<TestRunner>;
  if (describe && it) return { describe, it };
  throw new Error(
    'describeGrantStore() found no describe and it: pass { runner: { describe, it } }, as "node:test" has.',
  );
}
