import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { IRouter, Request, RequestHandler, Response } from "express";
import { baseOf } from "../../address";
import { bringTo } from "../../data/clock";
import type { Company } from "../../data/company";
import type { Call } from "../../data/entities";
import { soundBytes } from "../../data/sound";
import type { AssetAddresses } from "../asset-addresses";

export interface AssetParts {
  readonly companies: readonly Company[];
  readonly assets: AssetAddresses;
  /** Bytes of each asset. */
  readonly assetBytes: number;
  /** UNIX milliseconds. */
  readonly now: () => number;
  readonly secondCredential: "refused" | "ignored";
}

/**
 * Recordings and voicemails, as Amazon S3 serves them: the address alone opens them, for a while, whole or in part.
 */
export function addAssetsRoutes(app: IRouter, parts: AssetParts): void {
  const { companies, assets, assetBytes, now, secondCredential } = parts;

  const signed: RequestHandler = function signed(req, res, next) {
    const verdict = assets.judge(req.path, req.query);
    if (verdict === "good") return next();
    const [code, message] = refusals[verdict];
    sendError(res, 403, { code, message });
  };

  app.get("/assets/short/:kind/:id", signed, (req, res) => {
    const address = assets.sign(req.path.replace("/assets/short/", "/assets/"));
    res.redirect(302, `${baseOf(req)}${address}`);
  });

  app.get("/assets/:kind/:id", signed, (req, res) => {
    if (secondCredential === "refused" && req.get("authorization") !== undefined) {
      return sendError(res, 400, { code: "InvalidArgument", message: "Only one auth mechanism allowed" });
    }
    for (const company of companies) bringTo(company, now());
    const call = findCall(companies, req);
    if (!call) return sendError(res, 404, { code: "NoSuchKey", message: "The recording or voicemail does not exist." });
    sendSound(req, res, { call, bytes: assetBytes });
  });
}

const refusals = {
  expired: ["AccessDenied", "Request has expired"],
  forged: ["SignatureDoesNotMatch", "The signature does not match this address."],
  unsigned: ["AccessDenied", "Access Denied"],
} as const;

/** The call that still has what the path names. */
function findCall(companies: readonly Company[], { params, path }: Request): Call | undefined {
  const id = Number(params["id"]);
  const call = companies.map(({ calls }) => calls.find((one) => one.id === id)).find((found) => found !== undefined);
  return call?.recording === path || call?.voicemail === path ? call : undefined;
}

function sendSound(req: Request, res: Response, { call, bytes }: { call: Call; bytes: number }): void {
  const etag = `"${createHash("md5").update(`${req.path} ${bytes}`).digest("hex")}"`;
  const modified = new Date((call.ended_at ?? call.started_at) * 1000).toUTCString();
  res.set({ "Accept-Ranges": "bytes", ETag: etag, "Last-Modified": modified, "Content-Type": "audio/wav" });

  const condition = req.get("if-range");
  const range = condition === undefined || condition === etag || condition === modified ? rangeOf(req, bytes) : null;
  if (range === "unsatisfiable") {
    res.set("Content-Range", `bytes */${bytes}`);
    return sendError(res, 416, { code: "InvalidRange", message: "The requested range is not satisfiable" });
  }

  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  if (range) res.status(206).set("Content-Range", `bytes ${start}-${end}/${bytes}`);
  res.set("Content-Length", String(end - start + 1));
  if (req.method === "HEAD") return void res.end();
  const sound = Readable.from(soundBytes({ seed: call.id, bytes }, start, end), { highWaterMark: 1 });
  // Ends when the client hangs up. A `pipeline` listens so often that Node warns of a leak beside tracing agents.
  res.once("close", () => sound.destroy());
  sound.pipe(res);
}

/** Null when the whole is wanted, as S3 reads a list of ranges too. */
function rangeOf(req: Request, bytes: number): { start: number; end: number } | "unsatisfiable" | null {
  const ranges = req.range(bytes);
  if (ranges === -1) return "unsatisfiable";
  const [range, more] = Array.isArray(ranges) && ranges.type === "bytes" ? ranges : [];
  return range && !more ? range : null;
}

function sendError(
  res: Response,
  status: number,
  { code, message }: { readonly code: string; readonly message: string },
): void {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  res.status(status).type("application/xml").send(xml);
}
