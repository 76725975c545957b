import type { Watch } from "./live";
import type { Stream } from "./stream";

/** What comes together is sent together. */
const gatherMs = 50;

/** Sends a browser what its page's watch tells, one after the other. What cannot be told ends the stream. */
export function createSender(stream: Stream, watch: Watch) {
  let gathering: NodeJS.Timeout | null = null;
  let working = Promise.resolve();

  function send(): Promise<void> {
    working = working
      .then(async () => {
        const event = await watch();
        if (event) stream.send(event.name, event.data, event.digest);
      })
      .catch(() => stream.end());
    return working;
  }

  return {
    send,
    /** With what else changes meanwhile. */
    sendSoon(): void {
      gathering ??= setTimeout(() => {
        gathering = null;
        void send();
      }, gatherMs);
    },
    stop(): void {
      if (gathering) clearTimeout(gathering);
    },
  };
}
