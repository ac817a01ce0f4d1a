// Checks signatures of AWS as its services do, from the published description alone:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html

/** A request as a service receives it. Header names are in lower case. */
export type SignedRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

const encoder = new TextEncoder();
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** As `toHex`, which Node does not have yet. */
function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function hash(bytes: Uint8Array): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes))));
}

async function mac(key: Uint8Array, text: string): Promise<Uint8Array> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", Uint8Array.from(key), algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, encoder.encode(text)));
}

/** Each byte but those of unreserved characters becomes `%XX`. */
function escapeBytes(text: string, kept = ""): string {
  const unreserved = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~${kept}`;
  return Array.from(encoder.encode(text), (byte) => {
    const character = String.fromCharCode(byte);
    return unreserved.includes(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** The path as a service sees it. S3 takes it as it is and escapes it once; all others join slashes and escape it twice. */
function canonicalPath(pathname: string, service: string): string {
  return service === "s3"
    ? escapeBytes(decodeURIComponent(pathname), "/")
    : escapeBytes(pathname.replaceAll(/\/+/g, "/"), "/");
}

function canonicalQuery(params: URLSearchParams): string {
  const pairs = [...params].map(([name, value]) => `${escapeBytes(name)}=${escapeBytes(value)}`);
  return pairs.toSorted((one, other) => (one < other ? -1 : 1)).join("&");
}

/** Returns what is wrong with the signature of a request for this access key and secret; null if it is right. */
export async function awsFault(
  { method, url: address, headers, body }: SignedRequest,
  { access_key_id, secret_access_key }: { readonly access_key_id: string; readonly secret_access_key: string },
): Promise<string | null> {
  const parts = AUTHORIZATION.exec(headers["authorization"] ?? "");
  if (parts === null) return "no authorization";
  const [, id = "", date = "", region = "", service = "", names = "", signature = ""] = parts;
  if (id !== access_key_id) return "InvalidAccessKeyId";
  const time = headers["x-amz-date"] ?? "";
  if (!time.startsWith(date)) return "the date is not that of the credential";
  const signed = names.split(";");
  if (names !== signed.toSorted().join(";")) return "the signed headers are not in order";
  const unsigned = Object.keys(headers).filter((name) => name.startsWith("x-amz-") && !signed.includes(name));
  if (!signed.includes("host") || unsigned.length > 0) return `not signed: ${unsigned.join(", ")}`;
  const digest = await hash(body);
  const claimed = headers["x-amz-content-sha256"];
  if (service === "s3" && claimed !== digest) return "XAmzContentSHA256Mismatch";
  const url = new URL(address);
  const valueOf = (name: string): string => (name === "host" ? url.host : (headers[name] ?? ""));
  const lines = signed.map((name) => `${name}:${valueOf(name).trim().replaceAll(/ +/g, " ")}\n`).join("");
  const path = canonicalPath(url.pathname, service);
  const canonical = [method, path, canonicalQuery(url.searchParams), lines, names, digest].join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, await hash(encoder.encode(canonical))].join("\n");
  let key = encoder.encode(`AWS4${secret_access_key}`);
  for (const step of [date, region, service, "aws4_request"]) key = Uint8Array.from(await mac(key, step));
  return hexOf(await mac(key, toSign)) === signature ? null : "SignatureDoesNotMatch";
}
