// Documents that destinations write, in R2: a folder for each destination, apart from all that the gateway keeps there.

/** The longest key that R2 takes, in bytes, the folder included. */
const MAX_KEY_BYTES = 1_024;
const encoder = new TextEncoder();

/** A document's place in its destination's folder, and what it was made of. */
type DocumentNote = { readonly event_id: string; readonly delivery_id: string };

type NewDocument = DocumentNote & {
  /** Which documents with the same key it replaces: those of its own and of older events, or any. */
  readonly replaces: "older" | "any";
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly content_type: string;
};

export type DocumentSummary = DocumentNote & {
  readonly key: string;
  readonly size: number;
  readonly content_type: string;
  readonly updated_at: string;
};

function folderOf(destinationId: string): string {
  return `documents/${destinationId}/`;
}

/** Whether a key is short enough, with its folder. */
export function fitsInBucket(destinationId: string, key: string): boolean {
  return encoder.encode(folderOf(destinationId) + key).byteLength <= MAX_KEY_BYTES;
}

/** How often a write is tried again because others wrote the same document first. */
const MAX_ROUNDS = 10;

/**
 * Writes a document over the one that has its key, if that is to be replaced: an older event, whose delivery comes late,
 * leaves the document of a newer one alone. Throws where R2 cannot be used.
 */
export async function putDocument(bucket: R2Bucket, destinationId: string, document: NewDocument): Promise<void> {
  const { key, bytes, content_type, event_id, delivery_id, replaces } = document;
  const path = folderOf(destinationId) + key;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const standing = await bucket.head(path);
    if (replaces === "older" && (standing?.customMetadata?.["event_id"] ?? "") > event_id) return;
    const written = await bucket.put(path, bytes, {
      onlyIf: new Headers(standing === null ? { "if-none-match": "*" } : { "if-match": standing.httpEtag }),
      httpMetadata: { contentType: content_type },
      customMetadata: { event_id, delivery_id },
    });
    if (written !== null) return;
  }
  throw new Error("A document changed too often to be written.");
}

function summaryOf(object: R2Object, folder: string): DocumentSummary {
  return {
    key: object.key.slice(folder.length),
    size: object.size,
    content_type: object.httpMetadata?.contentType ?? "application/octet-stream",
    event_id: object.customMetadata?.["event_id"] ?? "",
    delivery_id: object.customMetadata?.["delivery_id"] ?? "",
    updated_at: object.uploaded.toISOString(),
  };
}

/** Documents of a destination in order of their keys, after one (null for the first), and whether more follow. */
export async function listDocuments(
  bucket: R2Bucket,
  destinationId: string,
  limit: number,
  after: string | null,
): Promise<{ readonly documents: readonly DocumentSummary[]; readonly more: boolean }> {
  const prefix = folderOf(destinationId);
  const listed = await bucket.list({
    prefix,
    limit,
    include: ["httpMetadata", "customMetadata"],
    ...(after === null ? {} : { startAfter: prefix + after }),
  });
  return { documents: listed.objects.map((object) => summaryOf(object, prefix)), more: listed.truncated };
}

/** A document with its bytes; null where there is none with this key. */
export async function readDocument(
  bucket: R2Bucket,
  destinationId: string,
  key: string,
): Promise<{ readonly summary: DocumentSummary; readonly body: ReadableStream } | null> {
  const folder = folderOf(destinationId);
  const object = await bucket.get(folder + key);
  return object === null ? null : { summary: summaryOf(object, folder), body: object.body };
}
