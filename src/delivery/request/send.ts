import { type AttemptOutcome, parseRetryAfter } from "../attempts/retry-decision.ts";

/** How much of an answer is read and kept, in bytes. */
const MAX_RESPONSE_BYTES = 2_048;
const MAX_LOCATION = 2_048;

/** What is said of a network's failure, the same for all: what is thrown could tell a secret. */
export const CONNECTION_FAILED = "The connection failed or was closed before the answer was complete.";

/** One signed request, ready to go. */
export type OutboundRequest = {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeout_ms: number;
};

/** What came back, with what the log shows of it. `error` is our own wording, never a thrown one. */
export type Sent = {
  readonly outcome: AttemptOutcome;
  readonly response_body: string | null;
  readonly error: string | null;
  readonly duration_ms: number;
  /** Where a redirect, which was not followed, points to. */
  readonly location?: string;
};

/** The `Location` of a redirect, in full; null where there is none that is a web address. */
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
    return null; // not one of the platform's
  }
}

/** Reads no more than is kept, whatever the headers say: in one call, for each step of a stream is a call of the platform. */
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
    // Not awaited: a sender that goes on for ever must not be waited for.
    chunks.cancel().catch(() => {});
  }
}

/** What the log says of a status that is no success; null for one that is. */
function complaintAbout(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return "The destination answered with a redirect, which is never followed.";
  return `The destination answered ${status}.`;
}

/** Sends one request. The time-out covers headers and body; a redirect is an answer like any other. Never rejects. */
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
      // What was said stands, though the rest of it broke off; only the time-out covers the body too.
      if (signal.aborted) throw error;
      return null;
    });
    const location = locationOf(response, request.url);
    const retry_after_seconds = parseRetryAfter(response.headers.get("retry-after"), now());
    return {
      outcome: { kind: "responded", status, retry_after_seconds },
      response_body,
      error: complaintAbout(status),
      duration_ms: now() - startedAt,
      ...(location === null ? {} : { location }),
    };
  } catch {
    const timedOut = signal.aborted;
    return {
      outcome: { kind: timedOut ? "timed_out" : "failed" },
      response_body: null,
      error: timedOut ? `The destination did not answer within ${request.timeout_ms} ms.` : CONNECTION_FAILED,
      duration_ms: now() - startedAt,
    };
  }
}
