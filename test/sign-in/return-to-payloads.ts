/** Where someone may try to be sent after signing in at `http://127.0.0.1:<port>`; every one is a text. */
export function returnToPayloads(origin: string): string[] {
  const { port } = new URL(origin);
  const slashes = [
    "/",
    "//",
    "///",
    "/\\",
    "\\/",
    "\\\\",
    "/.//",
    "/..//",
    "/x/..//",
    "/%2e//",
    "/;//",
    "/?//",
    "/#//",
  ];
  const hidden = [
    "/\t/",
    "/\n/",
    "/\r\n/",
    "\t//",
    " //",
    "//\u0000",
    "/\u200b/",
    "/%09/",
    "/%0d%0a/",
    "/%2f/",
    "/%5c",
    "/%00/",
  ];
  const hosts = [
    "evil.example",
    "evil.example:80/x",
    "evil.example%2f@127.0.0.1",
    `user@evil.example`,
    "[::ffff:1.2.3.4]",
    "127.0.0.1",
    "0x7f000001",
    "evil。example",
    "%65vil.example",
    "",
  ];
  const schemes = [
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,<script>",
    "blob:null",
    "file:///etc/passwd",
    "about:blank",
    "ftp://evil.example",
    "//",
    "http:",
    "vbscript:x",
    "ws://evil.example",
    "view-source:x",
  ];
  const sameHost = [
    `//127.0.0.1:${port}@evil.example/`,
    `${origin}@evil.example`,
    `${origin}.evil.example`,
    `//user:pass@127.0.0.1:${port}/x`,
    `//127.0.0.1:${port}//evil.example`,
    `//127.0.0.1:1/x`,
  ];
  const paths = [
    "/..",
    "/../../..//evil.example",
    "/a/../..//evil.example",
    "/././/evil.example",
    "/.%2f/evil.example",
    "/x?y=//evil.example",
    "/x#//evil.example",
    "/@evil.example",
    "/x%0d%0aSet-Cookie:%20a=b",
    "/x\r\nSet-Cookie: a=b",
    "/<script>alert(1)</script>",
    "/\ud800",
    "/%",
    "/%zz",
    "/\u{1f600}",
    `/${"a".repeat(5_000)}`,
    `/${"\u4e2d".repeat(700)}`,
  ];

  return [
    ...[...slashes, ...hidden].flatMap((before) => hosts.map((host) => before + host)),
    ...schemes,
    ...sameHost,
    ...paths,
  ];
}
