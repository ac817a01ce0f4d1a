/** @param {string} title */
export function heading(title) {
  console.log(`\n${title}\n${"=".repeat(title.length)}\n`);
}

/** @param {string} text of one or more lines */
export function say(text) {
  console.log(text.replaceAll(/^(?=.)/gm, "  "));
}

/** @param {string[][]} rows the first of them the head */
export function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {string[]} */ row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  const [head = [], ...body] = rows;
  say([line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n"));
}

/** @param {boolean | undefined} isGenuine undefined where nothing arrived */
export function verdict(isGenuine) {
  if (isGenuine === undefined) return "";
  return isGenuine ? "verified" : "DOES NOT VERIFY";
}
