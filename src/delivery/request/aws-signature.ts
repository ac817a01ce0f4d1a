import { AwsV4Signer } from "aws4fetch";
import { unsealStored } from "../../crypto/key-ring.ts";
import type { Destination, Method } from "../../model/destination.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import type { Context } from "../../context.ts";
import type { Headers as PlainHeaders } from "./authorization.ts";

const UNOPENED = "The credentials cannot be opened. Enter them again.";

/** A request that is complete but for its signature. Header names are in lower case. */
type Signable = {
  /** The service in the signature, unless the destination names another one. */
  readonly service: string;
  readonly method: Method;
  readonly url: Readonly<URL>;
  readonly headers: PlainHeaders;
  readonly body: Uint8Array;
};

async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))).toHex();
}

/**
 * Returns the headers by which AWS's Signature Version 4 authenticates a request; none for a destination with other
 * credentials. Each attempt is signed anew, because a signature is valid for some minutes. The error is for the log.
 */
export async function awsHeaders(
  { keys, clock }: Context,
  { id, auth }: Destination,
  { service, method, url, headers, body }: Signable,
): Promise<Result<PlainHeaders, string>> {
  if (auth.type !== "aws_sigv4") return ok({});
  const secret = await unsealStored(keys, auth.sealed_secret_access_key, id);
  const token = auth.sealed_session_token === null ? ok(null) : await unsealStored(keys, auth.sealed_session_token, id);
  if (!secret.ok || !token.ok) return fail(UNOPENED);
  const isSigned = (name: string): boolean => name === "content-type" || name.startsWith("x-amz-");
  const signed = Object.fromEntries(Object.entries(headers).filter(([name]) => isSigned(name)));
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers: { ...signed, "x-amz-content-sha256": await sha256Hex(body) },
    accessKeyId: auth.access_key_id,
    secretAccessKey: secret.value,
    ...(token.value === null ? {} : { sessionToken: token.value }),
    region: auth.region,
    service: auth.service ?? service,
    datetime: new Date(clock()).toISOString().replaceAll(/[:-]|\.\d{3}/g, ""),
    allHeaders: true,
  });
  const result = await signer.sign();
  return ok(Object.fromEntries(result.headers));
}
