/** D1 takes at most 2 MB in one parameter; a list that is passed as JSON goes in parts below this many characters. */
const MAX_CHARACTERS = 600_000;

/** The list as JSON arrays, each small enough for one parameter (an item that is larger alone stands alone). */
export function jsonChunks(items: readonly unknown[]): string[] {
  const chunks: string[] = [];
  let parts: string[] = [];
  let length = 0;
  for (const item of items) {
    const text = JSON.stringify(item);
    if (parts.length > 0 && length + text.length > MAX_CHARACTERS) {
      chunks.push(`[${parts.join(",")}]`);
      parts = [];
      length = 0;
    }
    parts.push(text);
    length += text.length + 1;
  }
  if (parts.length > 0) chunks.push(`[${parts.join(",")}]`);
  return chunks;
}
