/**
 * Whether `Content-Range` names the part that `Range` asked for: where it begins, and not beyond where it ends (RFC 9110,
 * 14.4). A server may send less than was asked for, as at the end of a file.
 */
export function isPart(contentRange: string | null, range: string | null): boolean {
  const [, first = "", last = "", total = ""] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(contentRange ?? "") ?? [];
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  const [begin, end] = [Number(first), Number(last)];
  if (first === "" || begin > end || (total !== "*" && end >= Number(total))) return false;
  if (from !== "") return begin === Number(from) && (to === "" || end <= Number(to));
  // A suffix range: the last so many bytes.
  if (total === "*") return end - begin < Number(to);
  return end === Number(total) - 1 && begin === Math.max(0, Number(total) - Number(to));
}

/** How many bytes the part has that a `Content-Range` names; null where it names none. */
export function lengthOfPart(contentRange: string | null): number | null {
  const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(contentRange ?? "") ?? [];
  return first === undefined ? null : Number(last) - Number(first) + 1;
}
