// Documents that destinations write to R2: a folder for each destination, apart from the gateway's own objects.

/** R2 takes keys of up to this many bytes, with the folder. */
const MAX_KEY_BYTES = 1_024;
const encoder = new TextEncoder();

/** The event and the delivery that a document was made of. */
type DocumentOrigin = { readonly event_id: string; readonly delivery_id: string };

type NewDocument = DocumentOrigin & {
  /** `older`: replaces a document of the same key only if that is of its own or an older event. */
  readonly replaces: "older" | "any";
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly content_type: string;
};

export type DocumentSummary = DocumentOrigin & {
  readonly key: string;
  readonly size: number;
  readonly content_type: string;
  readonly updated_at: string;
};

function folderOf(destinationId: string): string {
  return `documents/${destinationId}/`;
}

/** Returns whether R2 takes a key in a destination's folder. */
export function fitsInBucket(destinationId: string, key: string): boolean {
  return encoder.encode(folderOf(destinationId) + key).byteLength <= MAX_KEY_BYTES;
}

/** A write is tried this often while other writers change the document first. */
const MAX_ROUNDS = 10;

/**
 * Writes a document. With `older`, a late delivery of an older event does not replace the document of a newer one. Throws if R2
 * cannot be read or written.
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

/** Returns documents of a destination in order of their keys, after a key (null for the first page), and whether more follow. */
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

/** Returns a document with its bytes, or null if there is none with this key. */
export async function readDocument(
  bucket: R2Bucket,
  destinationId: string,
  key: string,
): Promise<{ readonly summary: DocumentSummary; readonly body: ReadableStream } | null> {
  const folder = folderOf(destinationId);
  const object = await bucket.get(folder + key);
  return object === null ? null : { summary: summaryOf(object, folder), body: object.body };
}
