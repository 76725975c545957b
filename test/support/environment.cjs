const { AsyncLocalStorage } = require("node:async_hooks");
const { TestEnvironment } = require("jest-environment-node");

/** Of the test file that this worker runs. */
const enabled = new Set();

/**
 * On Node 20 every promise is handed to every AsyncLocalStorage that was ever used: those of test files that are over
 * made the last ones of a worker twenty times slower than the first.
 */
module.exports = class extends TestEnvironment {
  async teardown() {
    for (const storage of enabled) storage.disable();
    enabled.clear();
    await super.teardown();
  }
};

const enable = AsyncLocalStorage.prototype._enable;
if (enable) {
  AsyncLocalStorage.prototype._enable = function () {
    if (!this.enabled) enabled.add(this);
    return enable.call(this);
  };
}
