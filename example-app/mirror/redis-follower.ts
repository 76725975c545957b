import type { createClient } from "redis";
import type { Change, Follower } from "./shared-state";

export type Redis = ReturnType<typeof createClient>;

/** The stream of what is written. */
export const changesKey = "board:changes";

const blockMs = 1_000;
const atOnce = 200;
const silentMs = 3_000;
const againMs = 500;

/** Reads what any process writes, in order, on a connection of its own, until it is closed. */
export function followChanges(reader: Redis, followers: readonly Follower[]): { close(): Promise<void> } {
  let closed = false;
  let heardAt = Date.now();
  let isLost = false;
  /** Null until it is known where the stream is. */
  let last: string | null = null;

  // Without a listener, a lost connection would end the process; the client of the sessions tells of it.
  reader.on("error", () => undefined);
  reader.connect().catch(() => undefined);

  function lost(): void {
    if (!isLost) for (const follower of followers) follower.lost();
    isLost = true;
    last = null;
  }

  // A Redis that hangs ends nothing, and answers nothing.
  const watching = setInterval(() => Date.now() - heardAt > silentMs && lost(), againMs).unref();

  async function readOn(): Promise<void> {
    if (last === null) {
      const [newest] = await reader.xRevRange(changesKey, "+", "-", { COUNT: 1 });
      last = newest?.id ?? "0-0";
      heardAt = Date.now();
      // What was written before this moment is loaded; what comes behind it is read.
      isLost = false;
      for (const follower of followers) follower.missed();
    }
    const found = await reader.xRead({ key: changesKey, id: last }, { BLOCK: blockMs, COUNT: atOnce });
    heardAt = Date.now();
    if (isLost) return void (last = null);
    for (const { id, message } of messagesOf(found)) {
      last = id;
      tell(message);
    }
  }

  function tell({ change, forgotten }: Record<string, string>): void {
    for (const follower of followers) {
      if (change !== undefined) follower.changed(JSON.parse(change) as Change);
      if (forgotten !== undefined) follower.forgotten(forgotten);
    }
  }

  async function readAll(): Promise<void> {
    while (!closed) {
      await readOn().catch(async () => {
        if (!closed) lost();
        await new Promise((resolve) => setTimeout(resolve, againMs).unref());
      });
    }
  }

  void readAll();
  return {
    close() {
      if (closed) return Promise.resolve();
      closed = true;
      clearInterval(watching);
      reader.destroy();
      return Promise.resolve();
    },
  };
}

interface Message {
  readonly id: string;
  readonly message: Record<string, string>;
}

function messagesOf(found: unknown): readonly Message[] {
  return (found as { messages: Message[] }[] | null)?.[0]?.messages ?? [];
}
