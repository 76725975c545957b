export { describeGrantStore, type GrantStoreSuiteOptions, type TestRunner } from "./describe-grant-store";
export type { StoreUnderTest } from "./stage";
