/** As the package abort-controller has it, which older libraries bring: without a reason, and no EventTarget of Node's. */
export function polyfilledSignal(): { signal: AbortSignal; abort: () => void } {
  const heard: (() => void)[] = [];
  const signal = {
    aborted: false,
    addEventListener: (_name: string, hear: () => void) => void heard.push(hear),
    removeEventListener: () => undefined,
  };
  const abort = () => {
    signal.aborted = true;
    heard.forEach((hear) => hear());
  };
  return { signal: signal as unknown as AbortSignal, abort };
}
