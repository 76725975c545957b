const { randomBytes } = require("node:crypto");
const express = require("express");
const session = require("express-session");
const { aircallAuth, aircallErrors, guardSessionStore, memoryGrants, requireAircall } = require("express-aircall");
const { aircallWebhooks, saveSessionFirst } = require("express-aircall");

/** Express 4 hands no rejection on by itself: the wrapper of docs/frameworks.md. */
const wrap = (handler) => (req, res, next) => handler(req, res, next).catch(next);

const settings = JSON.parse(process.env.SETTINGS);
const app = express();
app.set("trust proxy", 1);
const behindProxy = process.env.PUBLIC && { callbackPath: "/auth/aircall/callback" };
const server = app.listen(0, "127.0.0.1", () => {
  const own = `http://localhost:${server.address().port}`;
  /** Where visitors are, behind a proxy that strips a prefix. */
  const origin = process.env.PUBLIC ?? own;
  mount(
    { ...settings, callbackUrl: `${origin}/auth/aircall/callback`, initiateOAuth: "GETANDREFRESH", ...behindProxy },
    origin,
  );
  process.send({ origin: own, express: require("express/package.json").version });
});

/** Requests under way are answered, then what the library has under way is done. */
const handled = [];
process.once("SIGTERM", () => server.close(() => void closing().then(() => process.disconnect())));
let closing;

function mount(options, origin) {
  const store = guardSessionStore(new session.MemoryStore());
  const secret = randomBytes(32).toString("hex");
  const recordingLinks = { url: `${origin}/recordings`, keys: [secret] };
  const auth = aircallAuth({ ...options, grants: memoryGrants(), recordingLinks });

  // Companies are subscribed where the grant is theirs.
  const events = aircallWebhooks({
    auth: aircallAuth({ authScheme: "Basic", apiUrl: options.apiUrl, user: "id", password: "token" }),
    path: "/events",
    tokens: [process.env.WEBHOOK_TOKEN ?? "no-token-of-a-webhook"],
    on: { "call.ended": async ({ id, client }) => void handled.push([id, typeof (await client()).calls.list]) },
    onAny: ({ name }) => Promise.reject(new Error(`no handler of ${name}`)),
  });
  closing = async () => {
    await events.close();
    await auth.close();
  };
  app.use(events);
  app.use(session({ store, secret, resave: false, saveUninitialized: false }), saveSessionFirst(), auth);
  app.get(
    "/calls",
    requireAircall(),
    wrap(async (req, res) => res.json((await req.aircall.calls.list({ per_page: 5 })).items.map(({ id }) => id))),
  );
  app.get(
    "/unguarded",
    wrap(async (req, res) => res.json(await req.aircall.calls.list())),
  );
  app.get(
    "/recordings-of/:id",
    wrap((req, res) => req.aircall.calls.recording(req.params.id).pipe(res)),
  );
  app.get(
    "/link/:company/:id",
    wrap(async (req, res) => res.send(auth.recordingLink(Number(req.params.company), Number(req.params.id)))),
  );
  app.get("/handled", (_req, res) => res.json(handled));
  app.use(aircallErrors());
  app.use((error, _req, res, _next) => res.status(error.status ?? 500).json({ code: error.code ?? String(error) }));
}
