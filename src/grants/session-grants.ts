import { randomBytes } from "node:crypto";
import { fields } from "../config/fields";
import { sha256 } from "../config/sha256";
import { propertyOf } from "../errors/property";
import { isGrantId } from "./grant";

/**
 * The key of ours in an app's session: for each of its Aircall apps the links to the grants it holds, the current one
 * first. Never a token.
 */
const sessionKey = "express-aircall";
/** Where grant ids stood before there were links. */
const formerKey = "aircall";

/** Who a grant belongs to: to the session that connected it, or to the company, for all sessions that link to it. */
export type Hold = "session" | "company";

/** A session's way to a grant. It ends with the session, whoever ends that. */
export interface SessionLink {
  /** The grant's. */
  readonly id: string;
  /** Null for a grant that was kept before there were links: its id alone leads to it. */
  readonly link: string | null;
  /** Null where it was kept before links, and is whatever the app's setting says. */
  readonly hold: Hold | null;
}

/** An app's session, as far as its links go. */
export interface LinkedSession {
  /** As express-session has it. */
  readonly id?: string | undefined;
  [sessionKey]?: unknown;
  [formerKey]?: unknown;
}

type LinksKey = typeof sessionKey | typeof formerKey;

/** What keeps two Aircall apps apart that share a session: one's grants are nothing to the other. */
export function appKey(clientId: string): string {
  return sha256(clientId).slice(0, 8);
}

export function newLink(): string {
  return randomBytes(16).toString("base64url");
}

/** Whether a session may hold anything; costs next to nothing. */
export function mayHoldLinks(session: object | null | undefined): session is object {
  if (!session) return false;
  return Object.hasOwn(session, sessionKey) || Object.hasOwn(session, formerKey);
}

/**
 * The links a session holds for this app, the current one first; for every app when `app` is null. Those that were copied
 * from another session are none of its own.
 */
export function linksOf(session: object | null | undefined, app: string | null): readonly SessionLink[] {
  if (!mayHoldLinks(session)) return [];
  return linksBoundTo(session, () => bindingOf(session), app);
}

/** The links that `session` got from a session whose id was `formerId`, as a copy: for every app. */
export function copiedLinks(session: object, formerId: string): ReadonlyMap<string, readonly SessionLink[]> {
  const apps = Object.keys(appsIn(session));
  const found = apps.map((app) => [app, linksBoundTo(session, () => hashOf(formerId), app)] as const);
  return new Map(found.filter(([, links]) => links.length > 0));
}

/** Makes the session hold exactly these links for this app. */
export function holdLinks(session: object, app: string, links: readonly SessionLink[]): void {
  const { [app]: _replaced, ...others } = appsIn(session);
  const bound = links.map(({ id, link, hold }) => ({ id, link, hold, of: bindingOf(session) }));
  put(session, sessionKey, bound.length > 0 ? { ...others, [app]: bound } : others);
  dropFormer(session, app);
}

/** Makes the session hold no link to this grant, whichever app's it was. */
export function dropLink(session: object, id: string): void {
  for (const app of appsOf(session)) {
    const held = linksOf(session, app);
    if (!held.some((link) => link.id === id)) continue;
    holdLinks(
      session,
      app,
      held.filter((link) => link.id !== id),
    );
  }
}

/** Makes the session hold nothing, for any app. */
export function dropAllLinks(session: object): void {
  for (const app of appsOf(session)) holdLinks(session, app, []);
}

/** The apps that a session holds links for. */
export function appsOf(session: object): string[] {
  const former = formerIn(session);
  const formerApps = Object.keys(former).filter((app) => formerLinks(former[app]).length > 0);
  return [...new Set([...Object.keys(appsIn(session)), ...formerApps])];
}

function linksBoundTo(session: object, binding: () => string, app: string | null): SessionLink[] {
  const [values, former] = [valuesIn(session, sessionKey, app), valuesIn(session, formerKey, app)];
  if (values.length === 0 && former.length === 0) return [];
  return [...values.flatMap((value) => boundLinks(value, binding)), ...former.flatMap(formerLinks)];
}

/** What stands there for one app, or for every app when `app` is null. */
function valuesIn(session: object, key: LinksKey, app: string | null): unknown[] {
  const apps = ownObject(session, key);
  if (app === null) return Object.values(apps);
  return Object.hasOwn(apps, app) ? [propertyOf(apps, app)] : [];
}

function boundLinks(value: unknown, bindingOf: () => string): SessionLink[] {
  if (!Array.isArray(value) || value.length === 0) return [];
  const binding = bindingOf();
  return value.flatMap((entry: unknown) => {
    const { id, link, hold, of } = fields(entry);
    if (of !== binding || !isGrantId(id) || !isHoldOrNull(hold)) return [];
    return link === null || typeof link === "string" ? [{ id, link, hold }] : [];
  });
}

function formerLinks(value: unknown): SessionLink[] {
  return Array.isArray(value) ? value.filter(isGrantId).map((id) => ({ id, link: null, hold: null })) : [];
}

function dropFormer(session: object, app: string): void {
  const former = formerIn(session);
  if (!Object.hasOwn(former, app) || formerLinks(former[app]).length === 0) return;
  const { [app]: _dropped, ...others } = former;
  put(session, formerKey, others);
}

/** A hash takes longer than all else here, and a request asks for that of its session several times. */
const bindings = new WeakMap<object, { readonly id: string; readonly binding: string }>();

/** A session that has no id yet holds what it was given. */
function bindingOf(session: LinkedSession): string {
  const { id = "" } = session;
  const known = bindings.get(session);
  if (known?.id === id) return known.binding;
  const binding = hashOf(id);
  bindings.set(session, { id, binding });
  return binding;
}

/** Not the id itself: whoever reads the session's content must not learn it. */
function hashOf(sessionId: string): string {
  return sha256(`express-aircall ${sessionId}`).slice(0, 16);
}

function isHoldOrNull(value: unknown): value is Hold | null {
  return value === null || value === "session" || value === "company";
}

const noApps = {};

function appsIn(session: object): Record<string, unknown> {
  return { ...ownObject(session, sessionKey) };
}

function formerIn(session: object): Record<string, unknown> {
  return { ...ownObject(session, formerKey) };
}

/** What stands there as an object, else one that holds nothing: a session may hold anything, and nobody writes to either. */
function ownObject(session: LinkedSession, key: LinksKey): object {
  const stored = Object.hasOwn(session, key) ? session[key] : null;
  return typeof stored === "object" && stored !== null && !Array.isArray(stored) ? stored : noApps;
}

function put(session: LinkedSession, key: LinksKey, apps: Record<string, unknown>): void {
  if (Object.keys(apps).length > 0) session[key] = apps;
  else delete session[key];
}
