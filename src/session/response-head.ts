import type { Response } from "express";

/** Remembers the head of an answer that has to wait. Answers how to undo what was done to it meanwhile. */
export function keepHead(res: Response): () => void {
  const { statusCode, statusMessage } = res;
  const headers = { ...res.getHeaders() };

  return function restoreHead() {
    if (res.headersSent) return;
    Object.assign(res, { statusCode, statusMessage });
    for (const name of res.getHeaderNames()) if (!(name in headers)) res.removeHeader(name);
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined && value !== res.getHeader(name)) res.setHeader(name, value);
    }
  };
}

/** Takes back what was said of one answer, so that another can leave instead. */
export function withdrawHead(res: Response): void {
  if (res.headersSent) return;
  Object.assign(res, { statusCode: 200, statusMessage: "" });
  for (const name of ofOneAnswer) if (res.hasHeader(name)) res.removeHeader(name);
}

/** RFC 9110, sections 8 and 14; RFC 9111, section 5; and where it led. Cookies and policies hold for any answer. */
const ofOneAnswer = [
  "Accept-Ranges",
  "Cache-Control",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Language",
  "Content-Length",
  "Content-Location",
  "Content-Range",
  "Content-Type",
  "ETag",
  "Expires",
  "Last-Modified",
  "Location",
  "Refresh",
];
