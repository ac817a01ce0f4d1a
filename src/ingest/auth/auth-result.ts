import type { IngestError } from "../errors.ts";

/** The decision about a request's sender. `answered`: the request belongs to a handshake, and this is the response to it. */
export type AuthResult =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly error: IngestError }
  | { readonly kind: "answered"; readonly response: Response };
