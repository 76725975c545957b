/** A digest of a text, as bytes. */
export type Digest = (text: string) => Promise<Uint8Array>;

/** The token's index in `known`, or -1: all of them are compared, by their hashes, so that timing tells nothing. */
export async function indexOfToken(token: string, known: readonly unknown[], digest: Digest): Promise<number> {
  const given = await digest(token);
  let found = -1;
  for (const [index, one] of known.entries()) {
    if (typeof one !== "string" || one === "") continue;
    if (equal(given, await digest(one))) found = index;
  }
  return found;
}

/** Compares in constant time. */
function equal(one: Uint8Array, other: Uint8Array): boolean {
  let differences = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) differences |= one[at]! ^ (other[at] ?? 0);
  return differences === 0;
}
