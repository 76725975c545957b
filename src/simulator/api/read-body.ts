import type { Request } from "express";

/** A property of the body, as text; empty when it is absent or something else. */
export function readText(req: Request, name: string): string {
  const value = readProperty(req, name);
  return typeof value === "string" ? value : "";
}

export function readProperty(req: Request, name: string): unknown {
  const body: unknown = req.body;
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, name)) return undefined;
  return (body as Record<string, unknown>)[name];
}
