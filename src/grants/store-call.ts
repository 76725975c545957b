import { StoreError } from "../errors";

const storeTimeoutMs = 2_000;

type NodeCallback<T> = (error?: unknown, value?: T) => void;

/** One call to a store that answers by callback. Ends within two seconds whatever the store does. */
export function storeCall<T = void>(operation: string, call: (done: NodeCallback<T>) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new StoreError(operation, "the store did not answer within 2 s")),
      storeTimeoutMs,
    );
    const fail = (cause: unknown) => reject(new StoreError(operation, "the store answered with an error", { cause }));

    function done(error?: unknown, value?: T): void {
      clearTimeout(late);
      if (error) fail(error);
      else resolve(value);
    }

    try {
      call(done);
    } catch (error) {
      done(error);
    }
  });
}
