/** Hours, minutes and seconds, UTC. */
export function timeOf(at: number): string {
  const iso = new Date(at).toISOString();
  return `<time datetime="${iso}">${iso.slice(11, 19)}</time>`;
}
