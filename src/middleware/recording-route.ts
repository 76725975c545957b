import type { Request, Response } from "express";
import type { AircallClient } from "../client/client";
import type { LinkTarget } from "../companies/link-tokens";
import type { RecordingLinks } from "../companies/recording-links";
import { ApiError, NotConnectedError, ReconnectRequiredError } from "../errors/errors";
import { pathKeyOf, targetOf } from "../sign-in/request-target";

export interface RecordingRouteParts {
  /** Null where the app serves no links. */
  readonly url: string | null;
  readonly links: RecordingLinks;
  /** @throws {NotConnectedError} {ReconnectRequiredError} the company is not connected, as far as is known. */
  readonly clientOf: (target: LinkTarget, req: Request) => Promise<AircallClient>;
}

type Route = (req: Request, res: Response) => Promise<void>;

/** The route of recording links: answers whether a request is for it. Whoever has the link needs no session, and gets none. */
export function createRecordingRoute({
  url,
  links,
  clientOf,
}: RecordingRouteParts): (req: Request) => Route | undefined {
  const base = url === null ? null : new URL(url).pathname;

  async function open(res: Response, { target, token, client }: Opening): Promise<void> {
    if (res.req.method === "HEAD") return void res.type("audio/mpeg").set("Accept-Ranges", "bytes").end();
    links.noteOpening(token);
    await client.calls.recording(target.callId, { lane: "bulk" }).pipe(res);
  }

  async function answer(req: Request, res: Response, token: string): Promise<void> {
    res.set({ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex" });
    res.set("X-Content-Type-Options", "nosniff");
    if (req.method !== "GET" && req.method !== "HEAD") {
      return void res.set("Allow", "GET, HEAD").status(405).type("text").send("A recording is read with a GET.");
    }
    const target = links.read(token);
    if (!target) return sendNotFound(res);
    try {
      await open(res, { target, token, client: await clientOf(target, req) });
    } catch (error) {
      if (!isGone(error)) throw error;
      sendNotFound(res);
    }
  }

  return function routeOf(req) {
    if (base === null) return undefined;
    const { path } = targetOf(req.originalUrl);
    const keyOf = pathKeyOf(req);
    const [head, rest] = [path.slice(0, base.length), path.slice(base.length)];
    if (keyOf(head) !== keyOf(base) || (rest !== "" && !rest.startsWith("/"))) return undefined;
    return (req, res) => answer(req, res, rest.slice(1));
  };
}

interface Opening {
  readonly target: LinkTarget;
  readonly token: string;
  readonly client: AircallClient;
}

/** The same for all that is no link, no longer one, or leads to nothing: nobody learns which. */
function sendNotFound(res: Response): void {
  res.status(404).type("text").send("There is no recording behind this link, or not any more.");
}

function isGone(error: unknown): boolean {
  if (error instanceof NotConnectedError || error instanceof ReconnectRequiredError) return true;
  return error instanceof ApiError && error.status === 404;
}
