import type { HmacAlgorithm } from "../model/integration-auth.ts";
import { utf8 } from "./hmac.ts";
import { hmacKey } from "./keys.ts";
import type { SharedSecret } from "./schemes/scheme.ts";

/**
 * A text whose UTF-8 bytes are the HMAC key. If the gateway issues it, one is generated unless the customer gives one; a
 * vendor's own must be given.
 */
export function textSecret(issuer: "gateway" | "vendor", algorithm: HmacAlgorithm = "sha256"): SharedSecret {
  return {
    generated_prefix: issuer === "gateway" ? "sec_" : null,
    form: "must be a text",
    open: (secret, options) => hmacKey(options.algorithm ?? algorithm, utf8(secret)),
  };
}
