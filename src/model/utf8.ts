// The byte order mark is kept, so that encoding the text again gives the same bytes.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns the text of bytes, or null if they are not valid. */
export type TextReader = (bytes: Uint8Array) => string | null;

/** Decodes bytes as UTF-8. Returns null if they are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Returns a `decodeUtf8` that remembers the last bytes and their text: decoding costs a call of the platform. */
export function rememberingUtf8(): TextReader {
  let last: { readonly bytes: Uint8Array; readonly text: string | null } | null = null;
  return (bytes) => {
    if (last?.bytes !== bytes) last = { bytes, text: decodeUtf8(bytes) };
    return last.text;
  };
}
