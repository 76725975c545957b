import type { Answer } from "./answer";

/**
 * The same answer, read on: awaiting it gives what `read` makes of the value, and `refused` of an error. It is sent once
 * all the same, and `pipe` hands on what came. To be called before anybody waits for the answer.
 */
export function readOn<T, U>(answer: Answer<T>, read: (value: T) => U, refused?: (error: unknown) => U): Answer<U> {
  const thenPlain = answer.then.bind(answer);
  let value: Promise<U> | undefined;
  const then: Promise<U>["then"] = (onFulfilled, onRejected) => {
    value ??= thenPlain(read, refused);
    return value.then(onFulfilled, onRejected);
  };
  return Object.defineProperty(answer as unknown as Answer<U>, "then", { value: then });
}
