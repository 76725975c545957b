import type { Request } from "express";

/** What was typed into a field, without the blanks around it; empty where nothing was. */
export function textOf(req: Request, field: string): string {
  const value = (req.body as Record<string, unknown> | undefined)?.[field];
  return typeof value === "string" ? value.trim() : "";
}
