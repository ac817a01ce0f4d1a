import { type AttemptOutcome, parseRetryAfter } from "./judge.ts";

/** How much of an answer is read and kept, in bytes. */
const MOST_RESPONSE_BYTES = 2_048;
const LONGEST_LOCATION = 2_048;

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
  const url = given === null || given.length > LONGEST_LOCATION ? null : URL.parse(given, asked.href);
  return url !== null && ["http:", "https:"].includes(url.protocol) ? url.href : null;
}

/** Whether a whole answer is known to be no longer than what is kept of it; a packed one may be long when unpacked. */
function isShort({ headers }: Response): boolean {
  const length = headers.get("content-length");
  return length !== null && Number(length) <= MOST_RESPONSE_BYTES && !headers.has("content-encoding");
}

async function readStart(response: Response): Promise<string | null> {
  if (response.body === null) return null;
  // In one piece, for each step of a reader is a call of the platform.
  if (isShort(response)) return await response.text();
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  try {
    while (length < MOST_RESPONSE_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, MOST_RESPONSE_BYTES - length);
      length += part.length;
      text += decoder.decode(part, { stream: true });
    }
  } finally {
    // Not awaited: a sender that goes on for ever must not be waited for.
    reader.cancel().catch(() => {});
  }
  return text;
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
