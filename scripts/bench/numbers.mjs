/**
 * Returns the median: the mean of the two middle values if their number is even.
 * @param {readonly number[]} values
 */
export function median(values) {
  return percentile(values, 50);
}

/**
 * Returns a percentile, interpolated between its two neighbours. Throws if there are no values.
 * @param {readonly number[]} values
 * @param {number} percent 0 to 100
 */
export function percentile(values, percent) {
  if (values.length === 0) throw new Error("There are no values to take a percentile of.");
  const sorted = values.toSorted((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * Returns the median of the ratios of values that were measured side by side, round by round.
 * @param {readonly number[]} values
 * @param {readonly number[]} floors
 */
export function medianRatio(values, floors) {
  if (values.length !== floors.length) throw new Error("Each round needs both of its values.");
  return median(values.map((value, round) => value / (floors[round] ?? NaN)));
}

/**
 * Formats a figure: four significant digits, whole numbers from a thousand on.
 * @param {number} value
 */
export function rounded(value) {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}
