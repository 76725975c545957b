// The npm package oidc-provider for the peer: rotating, with a token endpoint that takes its time; it signs in whoever asks.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import Provider from "oidc-provider";

const { tokenMs, redirectUri, accessTokenSeconds } = JSON.parse(process.argv[2]);
let renewals = 0;

const server = createServer().listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = createProvider(issuer);
  server.on("request", provider.callback());
  process.send({ issuer });
});

process.on("message", () => {
  process.send({ renewals });
  renewals = 0;
});
process.on("disconnect", () => process.exit());

function createProvider(issuer) {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "a-client",
        client_secret: "a-secret-of-the-client",
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code", "refresh_token"],
      },
    ],
    pkce: { required: () => false },
    rotateRefreshToken: () => true,
    ttl: {
      AccessToken: accessTokenSeconds,
      IdToken: 3600,
      Grant: 3600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
    cookies: { keys: ["only for the bench"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  });
  provider.use(async (ctx, next) => {
    if (ctx.path !== "/token") return next();
    await sleep(tokenMs);
    await next();
    if (ctx.oidc?.params?.grant_type === "refresh_token") renewals += 1;
  });
  provider.use(agree(provider));
  return provider;
}

function agree(provider) {
  return async function agree(ctx, next) {
    if (!ctx.path.startsWith("/interaction/")) return next();
    const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
    ctx.respond = false;
    if (prompt.name === "login") return finish({ login: { accountId: "admin" } });
    const known = grantId && (await provider.Grant.find(grantId));
    const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    return finish({ consent: { grantId: await grant.save() } });

    function finish(result) {
      return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
    }
  };
}
