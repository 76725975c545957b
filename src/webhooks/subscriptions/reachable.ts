const limitMs = 5_000;

/**
 * Whether `url` answers as a receiver does, asked from this process: it takes POSTs only, and says so. Not so are another
 * route, a page to sign in, a certificate that is refused. Never rejects.
 */
export async function isReachable(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
    const { status, headers, body } = await fetch(url, { redirect: "manual", signal: stop });
    await body?.cancel();
    return status === 405 && headers.get("allow") === "POST";
  } catch {
    return false;
  }
}
