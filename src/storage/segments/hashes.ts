// What proves that a segment holds what was written. The hash of an event is SHA-256(salt ‖ row), so that it says nothing of an event
// whose salt is gone. The root of a segment is the hash of the list of hashes. A tree would prove one event without the others, which
// nobody asks for: a reader of a segment gets all hashes. Each segment is chained to the one before.

export const SALT_BYTES = 16;

const encoder = new TextEncoder();

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function sha256(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(parts)));
}

/** Returns the hash of an event: of its salt, and the values of its row as JSON. */
export async function hashOfText(salt: Uint8Array, text: string): Promise<Uint8Array> {
  return await sha256(salt, encoder.encode(text));
}

/** Returns the root of a segment, in hex, from the hashes of its events in their order. */
export async function rootOf(hashes: readonly Uint8Array[]): Promise<string> {
  return (await sha256(...hashes)).toHex();
}

/** Returns the end of the chain after a segment, in hex. `previous` is the end before it, or "" for the first segment. */
export async function chainedTo(previous: string, segmentId: string, root: string): Promise<string> {
  return (await sha256(Uint8Array.fromHex(previous), encoder.encode(segmentId), Uint8Array.fromHex(root))).toHex();
}
