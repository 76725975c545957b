import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export type Random = () => number;

/** A way to treat a request, badly or well. */
export interface Fault {
  /** What the sender knows afterwards: `refused` proves that nothing was done, `answered` that it was. */
  readonly proof: "refused" | "answered" | "none";
  /** Whether it begins with the head, within the body or after it. */
  readonly at: "head" | "middle" | "end";
  readonly befall: (socket: Socket, random: Random) => void;
}

const head = (status: string, length: number, more = "") =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${more}\r\n`;
const whole = (status: string, body: string, more?: string) => head(status, body.length, more) + body;
const reset = (socket: Socket) => void socket.resetAndDestroy();
const close = (socket: Socket) => void socket.end();
const say = (text: string) => (socket: Socket) => void (socket.writable && socket.write(text));
/** Connections that are about to end: whatever comes over one meets that end, not a fate of its own. */
const dying = new WeakSet<Socket>();

function soon(socket: Socket, random: Random, mostMs: number, end: (socket: Socket) => void): void {
  dying.add(socket);
  setTimeout(end, random() * mostMs, socket);
}

function sayThen(text: string, then: (socket: Socket) => void, mostMs = 3): Fault["befall"] {
  return (socket, random) => {
    say(text)(socket);
    soon(socket, random, mostMs, then);
  };
}

const ok = whole("200 OK", '{"done":true}');
const refusal = (status: string, more?: string): Fault => ({
  proof: "refused",
  at: "end",
  befall: say(whole(status, '{"error":"no"}', more)),
});
const unknown = (at: Fault["at"], befall: Fault["befall"]): Fault => ({ proof: "none", at, befall });
const answered = (befall: Fault["befall"]): Fault => ({ proof: "answered", at: "end", befall });

export const faults = {
  "a good answer": answered(say(ok)),
  "a good answer, then the connection is closed": answered(sayThen(ok, close)),
  "a good answer, then the connection is reset": answered(sayThen(ok, reset)),
  "a good answer with more behind it": answered(say(ok + ok)),
  "100, then a good answer": unknown("end", say("HTTP/1.1 100 Continue\r\n\r\n" + ok)),
  "103, then a good answer": unknown("end", say("HTTP/1.1 103 Early Hints\r\n\r\n" + ok)),
  "103, then a reset": unknown("end", sayThen("HTTP/1.1 103 Early Hints\r\n\r\n", reset)),
  "101": unknown("end", say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")),
  "a reset before the body": unknown("head", reset),
  "a close before the body": unknown("head", close),
  "a good answer before the body, then a reset": { proof: "answered", at: "head", befall: sayThen(ok, reset) },
  "a reset within the body": unknown("middle", reset),
  "a close within the body": unknown("middle", close),
  "a reset after the body": unknown("end", reset),
  "a close after the body": unknown("end", close),
  "a dying connection": unknown("head", () => undefined),
  "a late reset": unknown("end", (socket, random) => soon(socket, random, 20, reset)),
  "a reset within the answer's head": unknown("end", sayThen("HTTP/1.1 200 OK\r\nContent-Le", reset)),
  "a close within the answer's head": unknown("end", sayThen("HTTP/1.1 200 OK\r\nContent-Le", close)),
  "a reset within the answer's body": unknown("end", sayThen(`${head("200 OK", 99)}{"do`, reset)),
  "a close within the answer's body": unknown("end", sayThen(`${head("200 OK", 99)}{"do`, close)),
  "a chunk without an end": unknown(
    "end",
    sayThen("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", reset),
  ),
  "no HTTP": unknown("end", say("SSH-2.0-OpenSSH_9\r\n")),
  "no answer in time": unknown("end", (socket, random) => void setTimeout(say(ok), 450 + random() * 50, socket)),
  "half an answer in time": unknown("end", say(`${head("200 OK", 99)}{"do`)),
  "cut JSON": answered(say(whole("200 OK", '{"done":'))),
  "a page": answered(say(whole("200 OK", "<html></html>"))),
  "307 to itself": unknown("end", (socket) => say(whole("307 Temporary Redirect", "", "Location: ?\r\n"))(socket)),
  "308 to itself": unknown("end", (socket) => say(whole("308 Permanent Redirect", "", "Location: ?\r\n"))(socket)),
  "400": answered(say(whole("400 Bad Request", "{}"))),
  "408": answered(say(whole("408 Request Timeout", "{}", "Connection: close\r\n"))),
  "422": answered(say(whole("422 Unprocessable Entity", "{}"))),
  "425": answered(say(whole("425 Too Early", "{}"))),
  "500": unknown("end", say(whole("500 Internal Server Error", "{}"))),
  "502": unknown("end", say(whole("502 Bad Gateway", "<html>"))),
  "503": unknown("end", say(whole("503 Service Unavailable", "{}", "Retry-After: 0\r\n"))),
  "503 before the body": unknown("head", sayThen(whole("503 Service Unavailable", "{}"), close)),
  "504, cut": unknown("end", sayThen(`${head("504 Gateway Timeout", 99)}{"err`, reset)),
  "401": refusal("401 Unauthorized"),
  "403": refusal("403 Forbidden"),
  "421": refusal("421 Misdirected Request"),
  "429": refusal("429 Too Many Requests", "Retry-After: 0\r\n"),
  "429, cut": { ...refusal(""), befall: sayThen(`${head("429 Too Many Requests", 99)}{"err`, reset) },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** What one run brought to the server: how each of its requests was treated, in order. */
export type Arrivals = FaultName[];

/** Speaks HTTP/1.1 over bare sockets. The first segment of a path says whose request it is. */
export async function startFaultyServer(choose: (run: string, arrival: number) => FaultName, random: Random) {
  const arrivals = new Map<string, Arrivals>();
  const sockets = new Set<Socket>();

  function arrive(line: string, socket: Socket): FaultName {
    const [, run = ""] = /^\w+ \/(run-\d+)\//.exec(line) ?? [];
    const known = arrivals.get(run) ?? [];
    const fault = dying.has(socket) ? "a dying connection" : choose(run, known.length);
    arrivals.set(run, [...known, fault]);
    return fault;
  }

  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined).on("close", () => sockets.delete(socket)));
    let unread = "";
    let now: { fault: Fault; length: number; begun: boolean } | null = null;

    socket.on("data", (chunk) => {
      unread += chunk.toString("latin1");
      while (advance());
    });

    function advance(): boolean {
      if (!now) return beginRequest();
      const { fault, length } = now;
      const due = fault.at === "head" ? 0 : fault.at === "middle" ? length / 2 : length;
      if (!now.begun && unread.length >= due) {
        now.begun = true;
        fault.befall(socket, random);
      }
      if (unread.length < length) return false;
      unread = unread.slice(length);
      now = null;
      return true;
    }

    function beginRequest(): boolean {
      const end = unread.indexOf("\r\n\r\n");
      if (end < 0) return false;
      const [, length = "0"] = /\r\ncontent-length: *(\d+)/i.exec(unread.slice(0, end)) ?? [];
      now = { fault: faults[arrive(unread, socket)], length: Number(length), begun: false };
      unread = unread.slice(end + 4);
      return true;
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Nothing arrived for it: an empty list. */
    arrivalsOf: (run: string): Arrivals => arrivals.get(run) ?? [],
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The same numbers for the same seed. */
export function seeded(seed: number): Random {
  let state = seed;
  return function random() {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
