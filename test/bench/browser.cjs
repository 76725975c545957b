// What a browser does when somebody signs in: `const cookie = await signIn("http://127.0.0.1:3000/login")`.
const { URL } = require("node:url");
const { request } = require("undici");

/** Follows redirects until a page answers; resolves to the Cookie header for the host it began with. */
async function signIn(address) {
  const jars = new Map();
  for (let url = new URL(address); ;) {
    const jar = jars.get(url.host) ?? new Map();
    jars.set(url.host, jar);
    const { statusCode, headers, body } = await request(url, { headers: { accept: "text/html", cookie: textOf(jar) } });
    await body.dump();
    keep(jar, [headers["set-cookie"] ?? []].flat());
    if (statusCode < 300 || statusCode >= 400) break;
    url = new URL(headers.location, url);
  }
  return textOf(jars.get(new URL(address).host));
}

function keep(jar, lines) {
  for (const line of lines) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (value) jar.set(name, value);
    else jar.delete(name);
  }
}

function textOf(jar) {
  return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
}

module.exports = { signIn };
