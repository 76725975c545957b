/**
 * The tests that every grant store passes, for stores that people write.
 * @module express-aircall/testing
 */
export { describeGrantStore, type GrantStoreSuiteOptions, type TestRunner } from "./describe-grant-store";
export type { StoreUnderTest } from "./stage";
