// The peer as its documentation shows it, for renewal.cjs: an app with express-openid-connect in a process of its own.
const { RedisStore } = require("connect-redis");
const express = require("express");
const { auth } = require("express-openid-connect");
const { createClient } = require("redis");
const { request } = require("undici");

const { redisUrl, issuer, apiUrl, baseUrl } = JSON.parse(process.argv[2]);

process.on("disconnect", () => process.exit());
void main();

async function main() {
  const redis = redisUrl && (await createClient({ url: redisUrl }).connect());
  const app = express();
  app.use(
    auth({
      issuerBaseURL: issuer,
      baseURL: baseUrl,
      clientID: "a-client",
      clientSecret: "a-secret-of-the-client",
      secret: "a secret of the bench, long enough for it",
      authRequired: false,
      authorizationParams: { response_type: "code", scope: "openid offline_access", prompt: "consent" },
      ...(redis && { session: { store: new RedisStore({ client: redis, prefix: "peer:" }) } }),
    }),
  );
  app.get("/ping", async (req, res) => {
    let { accessToken } = req.oidc;
    if (accessToken.isExpired()) accessToken = await accessToken.refresh();
    // The answer is no matter: that API does not know this server's tokens.
    const headers = { authorization: `Bearer ${accessToken.access_token}` };
    const { body } = await request(`${apiUrl}/v1/ping`, { headers });
    res.send(await body.json());
  });
  app.use((_error, _req, res, _next) => res.status(500).send("failed"));
  app.listen(0, "127.0.0.1", 1_024, function listening() {
    process.send({ port: this.address().port });
  });
}
