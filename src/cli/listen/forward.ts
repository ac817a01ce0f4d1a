import type { ListenReply, ListenRequest } from "../../model/listen.ts";

/** What of a response the gateway stores. */
const MAX_RESPONSE_BYTES = 2_048;
const MAX_HEADER = 100;
/** Headers that the connection to the local server has of its own. */
const OF_CONNECTION = new Set([
  "host",
  "content-length",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "expect",
  "te",
  "trailer",
  "upgrade",
  "proxy-connection",
]);

/** A request for the local server, with its body. */
export type Incoming = { readonly request: ListenRequest; readonly body: Uint8Array<ArrayBuffer> };

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return error.errors.map(codeOf).find((code) => code !== "") ?? "";
  return codeOf(error.cause);
}

function describe(error: unknown, { host }: URL): string {
  const code = codeOf(error);
  if (code === "ECONNREFUSED") return `Connection refused: no server listens at ${host}.`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `The name of ${host} was not found.`;
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") {
    return `The server at ${host} closed the connection before it responded.`;
  }
  return `The request to ${host} failed${/^[A-Z_\d]{1,60}$/.test(code) ? ` (${code})` : ""}.`;
}

async function startOf(response: Response): Promise<string | null> {
  if (response.body === null) return null;
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < MAX_RESPONSE_BYTES) {
    const { value } = await reader.read();
    if (value === undefined) break;
    chunks.push(value);
    length += value.byteLength;
  }
  // Not awaited: the server may never end its response.
  reader.cancel().catch(() => {});
  // The bytes may end within a character, which is then omitted.
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BYTES), { stream: true });
}

/** Sends a request to the local server. Never rejects: a failure of the server is what the gateway records. */
export async function forward({ request, body }: Incoming, target: URL): Promise<ListenReply> {
  const { request_id, method, timeout_ms } = request;
  const startedAt = performance.now();
  const spent = (): number => performance.now() - startedAt;
  const headers = Object.entries(request.headers).filter(([name]) => !OF_CONNECTION.has(name.toLowerCase()));
  const signal = AbortSignal.timeout(timeout_ms);
  try {
    const response = await fetch(target, {
      method,
      headers,
      redirect: "manual",
      signal,
      ...(method === "GET" || method === "HEAD" ? {} : { body }),
    });
    const text = await startOf(response);
    const retry_after = response.headers.get("retry-after")?.slice(0, MAX_HEADER) ?? null;
    return { type: "response", request_id, status: response.status, retry_after, body: text, duration_ms: spent() };
  } catch (error) {
    const is_timeout = signal.aborted;
    const said = is_timeout ? `The local server did not respond within ${timeout_ms} ms.` : describe(error, target);
    return { type: "failure", request_id, is_timeout, error: said, duration_ms: spent() };
  }
}
