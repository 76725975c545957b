/** As characters of the answer: five sealed attempts then fit in the 8 KB that many proxies allow for all cookies. */
const longest = 800;

/**
 * The address someone wanted, when it is a path on `origin`; else null. Answers an absolute URL, so that no browser can
 * read it another way: `/.//evil.example` is a path whose shortest form begins with `//`.
 */
export function safeReturnTo(wanted: unknown, origin: string): string | null {
  if (typeof wanted !== "string" || !wanted.startsWith("/")) return null;
  if (!URL.canParse(wanted, origin)) return null;

  const url = new URL(wanted, origin);
  if (url.origin !== origin || url.username || url.password) return null;
  const path = url.pathname + url.search + url.hash;
  if (path.startsWith("//") || path.includes("\\")) return null;
  const absolute = origin + path;
  return absolute.length > longest ? null : absolute;
}
