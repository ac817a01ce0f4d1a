import { type Result, fail } from "../model/result.ts";
import { codingsOf } from "../net/content-codings.ts";
import { type DecodeBodyError, decodeBody } from "../net/decode-body.ts";
import type { Problem } from "../net/problem.ts";

// A webhook that a client of the API gives in the form in which its sender sends it.

/** The header that carries the sender's `Authorization`, because a request to the API has one of its own. */
export const SENDER_AUTHORIZATION = "hookgate-authorization";
/** The size of a sample after its content coding is undone. */
const MAX_BODY_BYTES = 1_000_000;

function codingProblem(error: DecodeBodyError): Problem {
  switch (error) {
    case "unsupported": {
      const detail = "Send it with the Content-Encoding gzip or deflate, or without one.";
      return { code: "encoded_body", title: "The body has a content coding that this gateway cannot undo.", detail };
    }
    case "too_large":
      return { code: "body_too_large", title: "The body is too large: the limit is 1 MB." };
    case "invalid":
      return { code: "invalid_request", title: "The body cannot be decompressed." };
  }
}

/** Returns the headers of the sample. `Authorization` and `Cookie` of the request authenticate the API's client, not the sender. */
export function senderHeaders(given: Headers): Headers {
  const headers = new Headers(given);
  headers.delete("authorization");
  headers.delete("cookie");
  const authorization = headers.get(SENDER_AUTHORIZATION);
  if (authorization !== null) headers.set("authorization", authorization);
  headers.delete(SENDER_AUTHORIZATION);
  return headers;
}

/** Undoes the content coding of a sample. Without one, the result is what was sent. */
export async function decodeSample(sent: Uint8Array, headers: Headers): Promise<Result<Uint8Array, Problem>> {
  const decoded = await decodeBody(sent, codingsOf(headers.get("content-encoding")), MAX_BODY_BYTES);
  return decoded.ok ? decoded : fail(codingProblem(decoded.error));
}
