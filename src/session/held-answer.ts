import type { NextFunction, Response } from "express";
import { onStoreTimeOf } from "../time/store-time";
import { keepHead, withdrawHead } from "./response-head";
import type { Session, SessionRequest, StartedRequest } from "./session";
import { storeCall } from "./store-call";
import { endPlainly, holdBackUnset } from "./unset";
import { asIfAbsent, asIfSaved, watchSession, type SessionWatch } from "./watch";

/** An answer that leaves only after its session was saved. */
export class HeldAnswer {
  readonly #req: SessionRequest;
  readonly #res: Response;
  readonly #next: NextFunction;
  readonly #watch: SessionWatch;
  /** As it is without us. */
  readonly #end: (chunk: unknown, encoding: unknown) => void;
  readonly #writeHead: (args: unknown[]) => void;
  #state: "open" | "deciding" | "decided" = "open";
  /** The store has not done what it was to do: the answer says nothing of this session. */
  #failed = false;
  #leave = (chunk: unknown, encoding: unknown) => this.#asIfDecided(() => this.#end(chunk, encoding));
  /** Sends an answer that was withdrawn, but is an error of the app's own. */
  #sendWithdrawn: (() => void) | null = null;

  constructor(req: StartedRequest, res: Response, next: NextFunction) {
    const [end, writeHead] = [res.end.bind(res), res.writeHead.bind(res)];
    this.#end = (chunk, encoding) => void Reflect.apply(end, res, [chunk, encoding]);
    this.#writeHead = (args) => void Reflect.apply(writeHead, res, args);
    this.#req = req;
    this.#res = res;
    this.#next = next;
    this.#watch = watchSession(req);
  }

  hold(): void {
    const res = this.#res;
    res.once("close", () => this.#watch.stop());
    res.end = (...args: unknown[]) => {
      if (this.#state !== "deciding") this.#endWhenSaved(withoutCallback(args, res));
      return res;
    };
    res.writeHead = (...args: unknown[]) => {
      this.#writeHeadUnlessStray(args);
      return res;
    };
  }

  #endWhenSaved([chunk, encoding]: unknown[]): void {
    const [req, res] = [this.#req, this.#res];
    if (this.#state === "decided") this.#endDecided(chunk, encoding);
    else if (this.#watch.isLeftBehind(req.session)) asIfAbsent(req, () => this.#end(chunk, encoding));
    else if (res.headersSent) this.#end(chunk, encoding);
    else onStoreTimeOf(req, res, () => this.#decide(chunk, encoding));
  }

  #decide(chunk: unknown, encoding: unknown): void {
    const { ending } = this.#watch;
    const { session } = this.#req;
    if (!ending && !session) return this.#endUnset(chunk, encoding);
    if (!ending && session && this.#watch.isStored(session)) return this.#end(chunk, encoding);
    void this.#sendAfter(
      async () => {
        await ending;
        if (session && !this.#watch.isStored(session)) await this.#save(session);
      },
      () => this.#leave(chunk, encoding),
    );
  }

  #endUnset(chunk: unknown, encoding: unknown): void {
    const held = holdBackUnset(this.#req, this.#res, () => this.#end(chunk, encoding));
    if (!held) return;
    this.#leave = (chunk, encoding) => endPlainly(this.#res, chunk, encoding);
    void this.#sendAfter(
      () => this.#watch.end(),
      () => held.send(),
    );
  }

  /** Not by session.save: express-session would then extend the life of what was stored this very moment. */
  async #save(session: Session): Promise<void> {
    const { sessionStore } = this.#req;
    session.touch();
    await storeCall("save the session", sessionStore, (done) => sessionStore.set(session.id, session, done));
  }

  async #sendAfter(work: () => Promise<void>, send: () => void): Promise<void> {
    const status = this.#isOfTheApp() ? this.#res.statusCode : 0;
    const restoreHead = keepHead(this.#res);
    const sendRestored = () => {
      restoreHead();
      this.#sendOrCutOff(send);
    };
    this.#state = "deciding";
    try {
      await work();
    } catch (error) {
      this.#state = "decided";
      this.#failed = true;
      if (status >= 500) return sendRestored();
      if (status >= 400) this.#sendWithdrawn = sendRestored;
      withdrawHead(this.#res);
      return this.#next(error);
    }
    this.#state = "decided";
    sendRestored();
  }

  #endDecided(chunk: unknown, encoding: unknown): void {
    const send = this.#sendWithdrawn;
    this.#sendWithdrawn = null;
    if (send && !this.#isOfTheApp()) send();
    else this.#sendOrCutOff(() => this.#leave(chunk, encoding));
  }

  /** The router takes its `next` off the request once nobody of the app's is left, and Express answers itself. */
  #isOfTheApp(): boolean {
    return this.#req.next !== undefined;
  }

  /** A session that is no JSON, or a chunk that Node refuses: express-session ends an answer once, even if in vain. */
  #sendOrCutOff(send: () => void): void {
    try {
      send();
    } catch (error) {
      this.#res.destroy();
      this.#next(error);
    }
  }

  /** All that was to be done is done: express-session is told so when it asks. */
  #asIfDecided(act: () => void): void {
    if (this.#req.session && !this.#failed) asIfSaved(this.#req.session, act);
    else asIfAbsent(this.#req, act);
  }

  #writeHeadUnlessStray(args: unknown[]): void {
    if (!this.#failed && !this.#watch.isLeftBehind(this.#req.session)) this.#writeHead(args);
    else asIfAbsent(this.#req, () => this.#writeHead(args));
  }
}

/** Of `end`'s forms: (callback), (chunk, callback), (chunk, encoding, callback). express-session loses the callback. */
function withoutCallback(args: unknown[], res: Response): unknown[] {
  const callback = args.find((arg) => typeof arg === "function");
  if (callback) res.once("finish", () => void Reflect.apply(callback, res, []));
  return args.filter((arg) => arg !== callback);
}
