import { describe, it } from "TEST_RUNNER";
import { memoryGrants } from "express-aircall";
import { describeGrantStore } from "express-aircall/testing";

const createStore = (now) => ({ store: { ...memoryGrants({ now }), ...{} } });

describeGrantStore("a store of theirs", createStore, { runner: { describe, it }, numRuns: 20 });
