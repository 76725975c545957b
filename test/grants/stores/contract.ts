/** What every grant store promises; run for each one we ship, and published for those that people write. */
export { describeGrantStore, type StoreUnderTest } from "express-aircall/testing";
