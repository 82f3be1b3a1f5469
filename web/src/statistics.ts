// Statistics of a few replicates: their median, and a band around it.

export interface Summary {
  median: number;
  low: number;
  high: number;
  n: number;
}

// How to compute a band. Quartiles of fewer than four values are interpolated between the extremes: then the
// extremes themselves are shown.
export type Band = "none" | "range" | "quartiles";

export function bandFor(replicates: number): Band {
  return replicates < 2 ? "none" : replicates < 4 ? "range" : "quartiles";
}

// 0 <= p <= 1, by linear interpolation between the order statistics (type 7 of Hyndman & Fan, as in NumPy).
// `sorted` is ascending and not empty.
export function quantile(sorted: readonly number[], p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

// Of the known values; null if there are none.
export function summarize(values: readonly (number | null | undefined)[], band: Band): Summary | null {
  const sorted = known(values).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const [low, high] = band === "quartiles" ? [0.25, 0.75] : [0, 1];
  return { median: quantile(sorted, 0.5), low: quantile(sorted, low), high: quantile(sorted, high), n: sorted.length };
}

// Of the known values; null if there are none.
export function mean(values: readonly (number | null | undefined)[]): number | null {
  const all = known(values);
  return all.length === 0 ? null : all.reduce((sum, value) => sum + value, 0) / all.length;
}

export function known(values: readonly (number | null | undefined)[]): number[] {
  return values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
}
