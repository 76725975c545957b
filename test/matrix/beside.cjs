/**
 * What `npm test` leaves to `npm run test:matrix`, as patterns of paths: together they run every test file, each of them
 * once. These took more than a third of the time of `npm test`.
 */
exports.beside = {
  /** `npm test` has the first. */
  journeys: ["(?<!/journey)[.]browser[.]test[.]ts$"],
  /** Several, raced and killed. */
  processes: ["(processes|kills|killed)[.]test[.]ts$"],
  /** Over every store or family of Redis clients, and models of hundreds of faulty runs. */
  stores: [
    "/middleware/(model|two-apps|visits|refused-for-a-while)[.]test[.]ts$",
    "/grants/stores/(cut|redis/(redis|faults)|postgres/exact|file/file)[.]test[.]ts$",
    "/(companies/every-store|sign-in/restricted-redis|budget/shared-window)[.]test[.]ts$",
    "/(http/acting-once|pagination/(iterate[.]property|history)|soak/(app-keys|store-time))[.]test[.]ts$",
  ],
};
