import { StoreError } from "../errors";

const storeTimeoutMs = 2_000;

type NodeCallback<T> = (error?: unknown, value?: T) => void;

/** What a store answers. A StoreError when that is an error, or takes longer than two seconds. */
export function inTime<T>(operation: string, asked: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    function fail(reason: string, options?: { cause: unknown }): void {
      reject(new StoreError(operation, reason, options));
    }
    // A process that was held up finds its timers due before it reads what has arrived meanwhile: that comes first.
    const late = setTimeout(() => setImmediate(fail, "the store did not answer within 2 s"), storeTimeoutMs);
    asked
      .then(resolve, (cause: unknown) => fail("the store answered with an error", { cause }))
      .finally(() => clearTimeout(late));
  });
}

/** One call to a store that answers by callback. Ends within two seconds whatever the store does. */
export function storeCall<T = void>(operation: string, call: (done: NodeCallback<T>) => void): Promise<T | undefined> {
  const asked = new Promise<T | undefined>((resolve, reject) => {
    call((error, value) => (error ? reject(error) : resolve(value)));
  });
  return inTime(operation, asked);
}
