import type { Payload } from "../model/destination.ts";
import type { StoredRequest } from "../model/event.ts";
import { type Deliverable, envelopeOf } from "./envelope.ts";

/** The body of a delivery, the same on every attempt. */
export type Body = { readonly bytes: Uint8Array; readonly content_type: string };

const encoder = new TextEncoder();

function bytesOf({ body, body_encoding }: StoredRequest): Uint8Array {
  switch (body_encoding) {
    case "utf8":
      return encoder.encode(body);
    case "base64":
      return Uint8Array.fromBase64(body);
  }
}

/** What a destination is sent of an event, as its `payload` says. */
export function bodyOf({ mode }: Payload, event: Deliverable): Body {
  switch (mode) {
    case "envelope":
      return { bytes: encoder.encode(envelopeOf(event)), content_type: "application/json" };
    case "original": {
      const { request } = event.content;
      return { bytes: bytesOf(request), content_type: request.headers["content-type"] ?? "application/octet-stream" };
    }
  }
}
