/**
 * An authorization server that we did not write, as a process of its own because it is ESM only. It takes its settings
 * as JSON in the first argument, says `{"issuer": …}` when it listens, and signs everyone in as the same account.
 */
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { clientId, clientSecret, redirectUri, pkceRequired, rotateRefreshToken, accessTokenSeconds } = JSON.parse(
  process.argv[2],
);

const server = createServer().listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = createProvider(issuer);
  server.on("request", provider.callback());
  console.log(JSON.stringify({ issuer }));
});

process.once("SIGTERM", () => process.exit());
process.stdin.resume().once("end", () => process.exit()); // whoever started us is gone

function createProvider(issuer) {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    scopes: ["public_api"],
    pkce: { required: () => pkceRequired },
    issueRefreshToken: () => true,
    rotateRefreshToken: () => rotateRefreshToken,
    ttl: { AccessToken: accessTokenSeconds, Grant: 3600, Interaction: 600, RefreshToken: 3600, Session: 3600 },
    cookies: { keys: ["only for tests"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  });
  provider.use(agreeToEverything(provider));
  return provider;
}

/** Stands where the pages for password and consent would. */
function agreeToEverything(provider) {
  return async function agree(ctx, next) {
    if (!ctx.path.startsWith("/interaction/")) return next();

    const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
    if (prompt.name === "login") return finish(ctx, { login: { accountId: "admin" } });

    const grant =
      (grantId && (await provider.Grant.find(grantId))) ||
      new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    return finish(ctx, { consent: { grantId: await grant.save() } });
  };

  async function finish(ctx, result) {
    ctx.respond = false;
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
  }
}
