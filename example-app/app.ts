import { basename, dirname, join } from "node:path";
import compression from "compression";
import express, { type Express } from "express";
import session, { type Store } from "express-session";
import { aircallErrors, memoryGrants, requireAircall, saveSessionFirst } from "express-aircall";
import type { AircallAuthOptions, GrantStore } from "express-aircall";
import helmet from "helmet";
import { noteTrouble, openBoard } from "./board-of";
import { keepDraft } from "./caller/draft";
import { createDoors } from "./doors";
import { watchBoard } from "./live/board-changes";
import { watchCaller } from "./live/caller-changes";
import { createLive, type LiveOptions } from "./live/live";
import { memoryState } from "./mirror/memory-state";
import { createMirror } from "./mirror/mirror";
import type { SharedState } from "./mirror/shared-state";
import { showNotice } from "./notice";
import { boardActs } from "./routes/board-acts";
import { callPages } from "./routes/call";
import { connectPage, forgetShown, sayWhy, showAccount } from "./routes/connect";
import { connectAgain, pageNotFound, problemPage } from "./routes/errors";
import { glancePages } from "./routes/glance";
import { forgetKey, keyPages } from "./routes/key";
import { missedCallsPage } from "./routes/missed-calls";
import { pretendPages, type Pretend } from "./routes/pretend";
import { settingsPages } from "./routes/settings";
import { sameOrigin } from "./same-origin";

export interface BoardConfig {
  /** How to reach Aircall; what is not given comes from the environment. */
  readonly aircall: AircallAuthOptions;
  /** Signs the session cookie. */
  readonly sessionSecret: string;
  /** Where sessions are kept; by default in this process until it ends. */
  readonly store?: Store | undefined;
  /** Where it is kept what companies connected with; by default in this process until it ends. */
  readonly grants?: GrantStore | undefined;
  /** Where API keys are kept that companies connect with; without it, they connect by OAuth only. */
  readonly keys?: GrantStore | undefined;
  /** The simulator, where it takes Aircall's place. */
  readonly pretend?: Pretend | null | undefined;
  /** Where the week's calls are kept, and who is on what; by default in this process until it ends. */
  readonly state?: SharedState | undefined;
  /** Where Aircall reaches this board; without it, Aircall's lists are looked at each minute, which tell less. */
  readonly publicUrl?: string | undefined;
  /** How the live board is kept. */
  readonly live?: LiveOptions;
  /** Told about failures that somebody should look at. */
  readonly log?: (error: unknown) => void;
}

export interface Board {
  readonly app: Express;
  /** Call it when the server has closed. */
  readonly close: () => Promise<void>;
}

/** The missed-call board: which missed calls has nobody called back? */
export function createApp(config: BoardConfig): Board {
  const { aircall, sessionSecret, store, pretend, log = console.error, grants = memoryGrants() } = config;
  const mirror = createMirror({ state: config.state ?? memoryState() });
  const publicUrl = config.publicUrl ?? null;
  const doors = createDoors({ aircall, grants, keyGrants: config.keys ?? null, mirror, publicUrl, log });
  const { auth, keys } = doors;
  const live = createLive(config.live);
  const app = express();
  app.set("view engine", "ejs").set("views", join(home, "views")).enable("view cache");
  // Aircall sends people back to https only: while developing, a tunnel on this machine speaks it for us.
  app.set("trust proxy", "loopback");

  app.use(...doors.receivers);
  app.use(compression(), securityHeaders, express.static(join(home, "public")));
  app.use(session({ store, secret: sessionSecret, resave: false, saveUninitialized: false, cookie: sessionCookie }));
  app.use(saveSessionFirst());
  app.get("/auth/aircall", sayWhy);
  app.post("/auth/aircall/logout", sameOrigin, forgetShown);
  if (keys) app.post("/auth/aircall/logout", forgetKey(keys));
  app.use(auth, sameOrigin, showNotice);
  if (keys) app.use(keyPages(keys));
  if (pretend) app.use(pretendPages(pretend));
  app.locals["takesKeys"] = keys !== null;

  app.get("/", connectPage);
  app.post("/calls/:id/comments", express.urlencoded({ extended: false }), keepDraft);
  app.use(
    ["/missed-calls", "/calls", "/board", "/live", "/glance", "/settings"],
    requireAircall(),
    showAccount,
    openBoard(doors, mirror),
  );
  app.get("/missed-calls", missedCallsPage);
  app.use("/board", boardActs());
  app.get("/live", live(watchBoard));
  app.use("/calls", callPages(live(watchCaller)));
  app.use("/glance", glancePages());
  app.use("/settings", settingsPages(doors));
  app.use(pageNotFound);

  app.use(noteTrouble, connectAgain, aircallErrors(), problemPage(log));
  async function close(): Promise<void> {
    mirror.stopFilling();
    await doors.close();
    await mirror.close();
  }

  return { app, close };
}

/** Compiled or not: views and styles lie beside the sources. */
const home = basename(__dirname) === "dist" ? dirname(__dirname) : __dirname;

/** Lax, because the cookie has to come along when Aircall sends people back. */
const sessionCookie = { httpOnly: true, sameSite: "lax", secure: "auto" } as const;

const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      mediaSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // With helmet's own choice, no-referrer, browsers send `Origin: null` with a form, and signing out is refused over http.
  referrerPolicy: { policy: "same-origin" },
});
