import { setTimeout as wait } from "node:timers/promises";

export interface Heard {
  readonly event: string;
  readonly id: string | null;
  readonly data: BoardHeard & CallerHeard & { readonly lost?: boolean; readonly said?: string };
}

interface BoardHeard {
  readonly title?: string;
  readonly parts?: Readonly<Record<string, string>>;
  readonly rows?: Rows | null;
}

interface CallerHeard {
  readonly callBack?: string;
  readonly stale?: boolean;
}

interface Rows {
  readonly order: readonly string[];
  readonly html: Readonly<Record<string, string>>;
}

/** A browser that listens to the live board. */
export interface Watcher {
  readonly status: number;
  readonly headers: Headers;
  readonly heard: readonly Heard[];
  readonly ended: boolean;
  /** Resolves to the first event, from `after` on, that is so. */
  hears(isIt: (heard: Heard) => boolean): Promise<Heard>;
  leave(): void;
}

const leavers: (() => void)[] = [];

afterEach(() => leavers.splice(0).forEach((leave) => leave()));

export async function watch(origin: string, path = "/live", headers: Record<string, string> = {}): Promise<Watcher> {
  const end = new AbortController();
  leavers.push(() => end.abort());
  const answer = await fetch(origin + path, { headers, signal: end.signal, redirect: "manual" });
  const heard: Heard[] = [];
  let ended = false;
  void read(answer, (event) => heard.push(event))
    .catch(() => undefined)
    .finally(() => (ended = true));
  return {
    status: answer.status,
    headers: answer.headers,
    heard,
    get ended() {
      return ended;
    },
    async hears(isIt) {
      const endsAt = performance.now() + 15_000;
      for (;;) {
        const found = heard.find(isIt);
        if (found) return found;
        if (performance.now() > endsAt) throw new Error(`Not heard: ${isIt.toString()}`);
        await wait(10);
      }
    },
    leave: () => end.abort(),
  };
}

async function read(answer: Response, told: (heard: Heard) => void): Promise<void> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of answer.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const line = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? null;
      const event = line("event");
      if (event) told({ event, id: line("id"), data: JSON.parse(line("data") ?? "{}") as Heard["data"] });
    }
  }
}
