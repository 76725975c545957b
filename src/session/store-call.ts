import { storeName } from "../redis/client";
import { inTime } from "../time/store-call";

type NodeCallback<T> = (error?: unknown, value?: T) => void;

/** One call to a store for sessions, which answers by callback. Ends within two seconds whatever the store does. */
export function storeCall<T = void>(
  operation: string,
  sessionStore: object,
  call: (done: NodeCallback<T>) => void,
): Promise<T | undefined> {
  const ask = () =>
    new Promise<T | undefined>((resolve, reject) => {
      call((error, value) => (error ? reject(error) : resolve(value)));
    });
  return inTime(operation, ask, { store: storeName(sessionStore) });
}
