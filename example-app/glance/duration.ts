/** `40 s`, `12 min`, `3 h 5 min`, `2 days 4 h`: as exact as people want it. */
export function writeDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (Math.round(seconds) < 60) return `${Math.round(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return joined(`${hours} h`, minutes % 60, "min");
  const days = Math.floor(hours / 24);
  return joined(`${days} ${days === 1 ? "day" : "days"}`, hours % 24, "h");
}

function joined(large: string, rest: number, unit: string): string {
  return rest === 0 ? large : `${large} ${rest} ${unit}`;
}
