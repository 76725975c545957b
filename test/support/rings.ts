/** Who names whom: a file, and the files it imports. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** Every group of files that lead to each other, each in order of name. */
export function ringsIn(graph: Graph): string[][] {
  const reach = new Map([...graph.keys()].map((file) => [file, reachedFrom(file, graph)]));
  const inRing = [...graph.keys()].filter((file) => reach.get(file)!.has(file));
  const rings = new Map<string, string[]>();
  for (const file of inRing) {
    const ring = inRing.filter((other) => reach.get(file)!.has(other) && reach.get(other)!.has(file)).sort();
    rings.set(ring.join(), ring);
  }
  return [...rings.values()];
}

function reachedFrom(file: string, graph: Graph): Set<string> {
  const reached = new Set<string>();
  const left = [...(graph.get(file) ?? [])];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    left.push(...(graph.get(next) ?? []));
  }
  return reached;
}
