import express from "express";
import type { IncomingHttpHeaders } from "node:http";
import type { Request } from "express";
import { calledHttpsByProxy, isPlainStart } from "../../../src/sign-in/doctor/plain-start";
import { signInConfig } from "../../support/apps/sign-in-config";

/** A request as Express reads it, without its server. */
function request(headers: IncomingHttpHeaders, changes: object = {}): Request {
  const read: object = Object.create(express.request);
  return Object.assign(read, { headers, connection: {}, app: express(), ...changes }) as unknown as Request;
}

const host = "app.example";
const config = signInConfig();

describe("signing in by a callback of https that began by http", () => {
  it.each<[string, IncomingHttpHeaders, ReturnType<typeof isPlainStart>]>([
    ["at its host", { host }, "certain"],
    ["at its host, before a proxy", { host: "10.0.0.7", "x-forwarded-host": `${host} , 10.0.0.8` }, "certain"],
    ["by a browser that would say so over https", { host, "sec-fetch-mode": "navigate" }, "likely"],
    ["at another host", { host: "other.example" }, null],
    ["at another host, before a proxy", { host, "x-forwarded-host": "other.example" }, null],
    ["at no host", {}, null],
  ])("is found out %s", (_where, headers, plain) => {
    expect(isPlainStart(request(headers), config)).toBe(plain);
  });

  it.each<[string, IncomingHttpHeaders]>([
    ["X-Forwarded-Proto", { "x-forwarded-proto": "https" }],
    ["X-Forwarded-Proto, of several", { "x-forwarded-proto": "https , http" }],
    ["X-Forwarded-Ssl", { "x-forwarded-ssl": "on" }],
    ["Front-End-Https", { "front-end-https": "on" }],
    ["CloudFront-Forwarded-Proto", { "cloudfront-forwarded-proto": "https" }],
    ["X-ARR-SSL", { "x-arr-ssl": "2048|256|C=US" }],
    ["Forwarded", { forwarded: "for=10.0.0.1; Proto=HTTPS" }],
    ["Forwarded, in quotes", { forwarded: 'proto="https"' }],
  ])("is none where a proxy says otherwise: %s", (_how, headers) => {
    expect(isPlainStart(request({ host, ...headers }), config)).toBeNull();
  });

  it.each<[string, IncomingHttpHeaders]>([
    ["X-Forwarded-Proto", { "x-forwarded-proto": "http, https" }],
    ["X-Forwarded-Ssl", { "x-forwarded-ssl": "off" }],
    ["CloudFront-Forwarded-Proto", { "cloudfront-forwarded-proto": "http" }],
    ["Forwarded", { forwarded: "proto=http" }],
    ["Forwarded, of something else", { forwarded: "xproto=https" }],
  ])("is one where a proxy says so too: %s", (_how, headers) => {
    expect(isPlainStart(request({ host, ...headers }), config)).toBe("certain");
  });

  it("is none over https, nor where the callback is http", () => {
    expect(isPlainStart(request({ host }, { connection: { encrypted: true } }), config)).toBeNull();
    const local = signInConfig({ callbackUrl: "http://localhost:3000/callback" });
    expect(isPlainStart(request({ host: "localhost:3000" }), local)).toBeNull();
  });

  it("is https by what a proxy says first", () => {
    expect(
      [{ "x-forwarded-proto": " https ,http" }, { "x-forwarded-proto": "http" }, {}].map((headers) =>
        calledHttpsByProxy(request(headers)),
      ),
    ).toEqual([true, false, false]);
  });
});
