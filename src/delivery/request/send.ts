import { type AttemptOutcome, parseRetryAfter } from "../attempts/retry-decision.ts";

/** The bytes of a response that are read and stored. */
const MAX_RESPONSE_BYTES = 2_048;
const MAX_LOCATION = 2_048;

/** The same for all failures of the network: a thrown message could contain a secret. */
export const CONNECTION_FAILED = "The connection failed or was closed before the response was complete.";

/** One signed request, ready to go. */
export type OutboundRequest = {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeout_ms: number;
};

/** The result of one request, as the log shows it. `error` is our own wording, never a thrown message. */
export type Sent = {
  readonly outcome: AttemptOutcome;
  readonly response_body: string | null;
  readonly error: string | null;
  readonly duration_ms: number;
  /** The target of a redirect, which is not followed. */
  readonly location?: string;
};

/** Returns the absolute `Location` of a redirect, or null if it is no HTTP URL. */
function locationOf(response: Response, asked: URL): string | null {
  const { status, headers } = response;
  const given = status >= 300 && status < 400 ? headers.get("location") : null;
  const url = given === null || given.length > MAX_LOCATION ? null : URL.parse(given, asked.href);
  return url !== null && ["http:", "https:"].includes(url.protocol) ? url.href : null;
}

function byteReader(body: ReadableStream): ReadableStreamBYOBReader | null {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return null; // a stream that is not the platform's
  }
}

/** Reads no more than is stored, whatever the headers say. One call, because each read of a stream is a call of the platform. */
async function readBytes(reader: ReadableStreamBYOBReader): Promise<string> {
  const { value } = await reader.readAtLeast(MAX_RESPONSE_BYTES, new Uint8Array(MAX_RESPONSE_BYTES));
  return new TextDecoder().decode(value, { stream: true });
}

async function readChunks(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  while (length < MAX_RESPONSE_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = value.subarray(0, MAX_RESPONSE_BYTES - length);
    length += part.length;
    text += decoder.decode(part, { stream: true });
  }
  return text;
}

async function readStart({ body }: Response): Promise<string | null> {
  if (body === null) return null;
  const bytes = byteReader(body);
  if (bytes !== null) {
    try {
      return await readBytes(bytes);
    } finally {
      bytes.cancel().catch(() => {});
    }
  }
  const chunks: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  try {
    return await readChunks(chunks);
  } finally {
    // Not awaited: the response may never end.
    chunks.cancel().catch(() => {});
  }
}

/** Returns the error for a status, or null if it is a success. */
function errorFor(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return "The destination responded with a redirect, which is never followed.";
  return `The destination responded with status ${status}.`;
}

/** Sends one request. The time-out covers headers and body. A redirect is not followed. Never rejects. */
export async function send(request: OutboundRequest, now: () => number): Promise<Sent> {
  const startedAt = now();
  const signal = AbortSignal.timeout(request.timeout_ms);
  try {
    const response = await fetch(request.url.href, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      redirect: "manual",
      signal,
    });
    const { status } = response;
    const response_body = await readStart(response).catch((error: unknown) => {
      // The status counts, even if the body breaks off. Only a time-out covers the body, too.
      if (signal.aborted) throw error;
      return null;
    });
    const location = locationOf(response, request.url);
    const retry_after_seconds = parseRetryAfter(response.headers.get("retry-after"), now());
    return {
      outcome: { kind: "responded", status, retry_after_seconds },
      response_body,
      error: errorFor(status),
      duration_ms: now() - startedAt,
      ...(location === null ? {} : { location }),
    };
  } catch {
    const timedOut = signal.aborted;
    return {
      outcome: { kind: timedOut ? "timed_out" : "failed" },
      response_body: null,
      error: timedOut ? `The destination did not respond within ${request.timeout_ms} ms.` : CONNECTION_FAILED,
      duration_ms: now() - startedAt,
    };
  }
}
