import { randomBytes } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import { clearTimeout, setTimeout } from "node:timers"; // not those that a test may have stopped

/** What came of one attempt. */
export interface Posted {
  /** Null where no answer came. */
  readonly status: number | null;
  /** Why no answer came, in a word or two. */
  readonly reason: string | null;
}

/** Sends JSON as Aircall sends a webhook. Never rejects. */
export type Post = (url: string, json: string, options: { timeoutMs: number }) => Promise<Posted>;

export interface Poster {
  readonly post: Post;
  /** Ends what is under way. */
  readonly close: () => void;
}

export function createPoster(): Poster {
  const agents = { "http:": new http.Agent({ keepAlive: true }), "https:": new https.Agent({ keepAlive: true }) };

  function post(url: string, json: string, { timeoutMs }: { timeoutMs: number }): Promise<Posted> {
    const target = URL.parse(url);
    const secure = target?.protocol === "https:";
    if (!target || !(secure || target.protocol === "http:")) return failed("no http or https address");
    const agent = agents[secure ? "https:" : "http:"];
    const headers = { ...recordedHeaders(), "Content-Length": Buffer.byteLength(json) };
    return new Promise((resolve) => {
      const sent = (secure ? https : http).request(target, { method: "POST", agent, headers }, (answer) => {
        answer.resume().on("error", () => undefined);
        end({ status: answer.statusCode ?? null, reason: null });
      });
      const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
      sent.on("error", (error: NodeJS.ErrnoException) => end({ status: null, reason: error.code ?? error.message }));
      sent.end(json);

      function end(posted: Posted): void {
        clearTimeout(timer);
        resolve(posted);
      }
    });
  }

  return {
    post,
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** The headers that Aircall was recorded with in 2026. */
function recordedHeaders(): http.OutgoingHttpHeaders {
  return {
    "Content-Type": "application/json",
    Accept: "application/json, text/plain, */*",
    "User-Agent": "axios/1.7.9",
    "aircall-origin": "webhooks",
    traceparent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`,
  };
}

function failed(reason: string): Promise<Posted> {
  return Promise.resolve({ status: null, reason });
}
