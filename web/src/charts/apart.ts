// Moves labels on a line apart where they would overlap; each cluster stays centred on its labels' positions.

interface Cluster {
  centre: number; // mean of the heights that its labels belong at
  size: number;
}

// `heights` ascending; returns heights at least `gap` apart, in the same order. O(n).
export function apart(heights: readonly number[], gap: number): number[] {
  const clusters: Cluster[] = [];
  for (const height of heights) {
    let last: Cluster = { centre: height, size: 1 };
    for (let above = clusters.at(-1); above && touches(above, last, gap); above = clusters.at(-1)) {
      last = merged(above, last);
      clusters.pop();
    }
    clusters.push(last);
  }
  return clusters.flatMap(({ centre, size }) => Array.from({ length: size }, (_, i) => centre + gap * (i - (size - 1) / 2)));
}

const touches = (above: Cluster, below: Cluster, gap: number): boolean =>
  below.centre - above.centre < (gap * (above.size + below.size)) / 2;

const merged = (a: Cluster, b: Cluster): Cluster => ({
  centre: (a.centre * a.size + b.centre * b.size) / (a.size + b.size),
  size: a.size + b.size,
});
