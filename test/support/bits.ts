/** The text with one bit flipped, for each of its bits. */
export function* everyBitOf(text: string): Generator<string> {
  const bytes = Buffer.from(text, "latin1");
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    yield flipped.toString("latin1");
  }
}
