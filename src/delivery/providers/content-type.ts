const MAX_CONTENT_TYPE = 255;
// The content type becomes a header when the document is fetched. With payloads of mode `original` the sender wrote it.
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(?: ?; ?[\w-]+=(?:[\w.-]+|"[\w .-]+"))*$/;

/** Returns a content type that is safe to store; that of unknown bytes for any other text. */
export function plainContentType(text: string): string {
  return text.length <= MAX_CONTENT_TYPE && CONTENT_TYPE.test(text) ? text : "application/octet-stream";
}
