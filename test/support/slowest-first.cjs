const { default: Sequencer } = require("@jest/test-sequencer");

/** Named, because a clean clone knows no times: begun last, one of these would keep the other workers waiting. */
const slowest = [
  "package/package",
  "middleware/model",
  "http/acting-once",
  "middleware/two-apps",
  "grants/stores/redis/redis",
  "budget/shared-window",
  "simulator/cli",
];

module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => slowest.findLastIndex((name) => path.endsWith(`/test/${name}.test.ts`));
    const rest = super.sort(tests.filter((test) => rank(test) === -1));
    return [...tests.filter((test) => rank(test) !== -1).sort((a, b) => rank(a) - rank(b)), ...rest];
  }
};
