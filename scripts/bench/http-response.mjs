const CRLF = "\r\n";
const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");
const EMPTY_CHUNKED = Buffer.from("0\r\n\r\n");

/**
 * Parses the one HTTP/1.1 response in these bytes. Returns null while it is incomplete. Use it on connections without
 * pipelining.
 * @param {Buffer} bytes
 * @returns {{ status: number, body: Buffer, keepAlive: boolean } | null}
 */
export function readResponse(bytes) {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const head = bytes.toString("latin1", 0, headEnd).toLowerCase();
  const status = Number(head.slice(9, 12));
  const start = headEnd + HEAD_END.length;
  const keepAlive = !head.includes(`${CRLF}connection: close`);
  if (head.includes(`${CRLF}transfer-encoding: chunked`)) {
    const body = bytes.subarray(start);
    const isComplete = body.equals(EMPTY_CHUNKED) || body.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
    return isComplete ? { status, body, keepAlive } : null;
  }
  const named = head.indexOf(`${CRLF}content-length: `);
  const length = named < 0 ? 0 : Number.parseInt(head.slice(named + 18, named + 30), 10);
  return bytes.length < start + length ? null : { status, body: bytes.subarray(start, start + length), keepAlive };
}
