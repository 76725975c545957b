/** Where in a sorted list the first text stands that is greater. */
export function firstBehind(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > text) high = middle;
    else low = middle + 1;
  }
  return low;
}
