import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { promisify } from "node:util";
import express, { type Request, type RequestHandler, type Response } from "express";
import session, { MemoryStore, type Store } from "express-session";
import type { StartedRequest } from "../../../src/session/session";

export type OpenedRequest = Request & StartedRequest & { readonly sessionStore: Store; readonly res: Response };

/** A request as Express has it, with a fresh session of express-session's, without a server. */
export async function openSession(
  store: Store = new MemoryStore(),
  { url = "/", host = "app.example" } = {},
): Promise<OpenedRequest> {
  const app = express();
  const incoming = Object.assign(new IncomingMessage(new Socket()), { url, originalUrl: url, headers: { host } });
  const req = Object.setPrototypeOf(incoming, app.request) as Request;
  const res = Object.setPrototypeOf(new ServerResponse(req), app.response) as Response;
  const handler: RequestHandler = session({ secret: "for tests only", resave: false, saveUninitialized: false, store });
  await promisify((done: (error?: unknown) => void) => handler(req, res, done))();
  return Object.assign(req, { res }) as unknown as OpenedRequest;
}

/** What the store holds of the session with this id; null where that is nothing. */
export async function storedSession(store: Store, id: string): Promise<object | null> {
  return (await promisify(store.get.bind(store))(id)) ?? null;
}
