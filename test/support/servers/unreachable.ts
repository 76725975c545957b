import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";

/** Nobody listens there: it is given to no server that asks for a free port, and `fetch` may go there. */
export const closedPort = 2;

/** Servers that a client gets no connection to, by what keeps it from one; each counts the bytes that reach it in clear. */
export async function startUnreachable() {
  const received: string[] = [];
  const servers: Server[] = [];
  async function listen(server: Server): Promise<number> {
    servers.push(server.listen(0, "127.0.0.1"));
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }
  const plain = createTcpServer((socket) => {
    socket.on("error", () => undefined).once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  });
  const selfSigned = createTlsServer(certificate(), (socket) => {
    socket.on("error", () => undefined).on("data", (chunk: Buffer) => void received.push(chunk.toString("latin1")));
  }).on("tlsClientError", () => undefined);
  return {
    addresses: {
      "a closed port": `http://127.0.0.1:${closedPort}`,
      "a name without an address": "http://nobody.invalid",
      "a server without TLS": `https://127.0.0.1:${await listen(plain)}`,
      "a certificate nobody trusts": `https://127.0.0.1:${await listen(selfSigned)}`,
    },
    received,
    close: () => servers.forEach((server) => server.close()),
  };
}

/** A fresh one of localhost, which nobody trusts. */
export function certificate(): { key: Buffer; cert: Buffer } {
  const home = mkdtempSync(join(tmpdir(), "certificate-"));
  const [key, cert] = [join(home, "key"), join(home, "cert")];
  const what = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"];
  try {
    execFileSync("openssl", ["req", "-x509", "-days", "2", ...what, "-keyout", key, "-out", cert], { stdio: "ignore" });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(home, { recursive: true });
  }
}
