import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { exactDocumentOf, scopeOf } from "../../model/envelope.ts";
import type { JsonObject } from "../../model/json.ts";
import { lazy } from "../../model/lazy.ts";
import type { FieldError } from "../../model/result.ts";
import { GATEWAY_HEADER } from "../../net/gateway-header.ts";
import { isAddress } from "../../net/special-addresses.ts";
import { type AllowedUrl, type UrlRules, checkUrl } from "../../net/url-guard.ts";
import { authorizationHeaders } from "../request/authorization.ts";
import { awsHeaders } from "../request/aws-signature.ts";
import { guardedUrl } from "../request/guarded-url.ts";
import { hideSecrets, secretsOfHeaders } from "../request/hide-secrets.ts";
import { type Sent, send as sendRequest } from "../request/send.ts";
import { USER_AGENT, forwardedHeaders } from "../request/sender-headers.ts";
import { plainContentType } from "./content-type.ts";
import { cleanKey } from "./document-key.ts";
import { templateOption } from "./option-fields.ts";
import { type Outgoing, type Provider, unsent } from "./provider.ts";
import { ADDRESSINGS, objectKey, objectUrl } from "./s3-key.ts";
import { storeErrorOf } from "./s3-errors.ts";

/** The folder for the objects of tests, so that none replaces that of a real event. */
const TEST_FOLDER = "test/";
/** A repeated attempt writes the same object again. */
const DEFAULT_KEY = "{{ type }}/{{ timestamp | date: '%Y/%m/%d' }}/{{ delivery_id }}";
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const STORAGE_CLASS = /^[A-Z0-9_]{0,40}$/;
const METHOD = "PUT";

const options = lazy(() =>
  z.strictObject({
    bucket: z.string().check(
      z.regex(BUCKET, "must be 3 to 63 lower-case letters, digits, dots and hyphens, as a bucket's name is"),
      z.refine((name) => !name.includes(".."), "must not contain two dots side by side"),
    ),
    key: z._default(
      templateOption().check(z.refine((text) => text.trim() === "" || cleanKey(text) !== "", "must name an object")),
      DEFAULT_KEY,
    ),
    addressing: z._default(z.enum(ADDRESSINGS), "path"),
    storage_class: z._default(z.string().check(z.regex(STORAGE_CLASS, "must be a class such as STANDARD_IA")), ""),
    content_type: z._default(
      z.string().check(z.refine((text) => text === "" || plainContentType(text) === text, "must be a media type")),
      "",
    ),
  }),
);

/** Returns why the bucket cannot be in front of the endpoint's host; null if it can or is in the path. */
function refuseAddress(endpoint: AllowedUrl, given: JsonObject, rules: UrlRules): FieldError | null {
  const { bucket, addressing } = options().parse(given);
  if (addressing === "path") return null;
  if (isAddress(endpoint.hostname)) {
    return { path: "options.addressing", message: "must be path, because the host of the endpoint is an IP address" };
  }
  const checked = checkUrl(objectUrl(endpoint, bucket, "", addressing), rules);
  if (checked.ok) return null;
  return { path: "options.bucket", message: `makes an address that is not allowed: ${checked.error}` };
}

async function send(context: Context, { delivery_id, destination, event, body, work }: Outgoing): Promise<Sent> {
  const startedAt = context.clock();
  const spent = (): number => context.clock() - startedAt;
  const parsed = options().safeParse(destination.options);
  if (!parsed.success) return unsent("refused", "The destination's options are not those of its type.");
  const { bucket, key: template, addressing, storage_class, content_type } = parsed.data;
  const read = exactDocumentOf(event);
  if (!read.ok) return unsent("refused", read.error);
  const scope = { ...scopeOf(read.value), delivery_id };
  const key = objectKey(event.type === "test" ? TEST_FOLDER : "", template, scope, work);
  if (!key.ok) return unsent("refused", key.error);
  const { allow_private_destinations } = context.settings;
  const endpoint = guardedUrl(destination.url, allow_private_destinations);
  // The bucket's name can make another address of it. The rules may have changed since it was saved.
  const url = endpoint.ok
    ? guardedUrl(objectUrl(endpoint.value, bucket, key.value, addressing), allow_private_destinations)
    : endpoint;
  if (!url.ok) return unsent("refused", `The address is not allowed: ${url.error}`);
  const secret = await authorizationHeaders(context, destination);
  if (!secret.ok) return { ...unsent("failed", secret.error.message), duration_ms: spent() };
  const headers = {
    ...forwardedHeaders(destination, event),
    "user-agent": USER_AGENT,
    "content-type": plainContentType(content_type === "" ? body.content_type : content_type),
    ...(storage_class === "" ? {} : { "x-amz-storage-class": storage_class }),
    ...destination.headers,
    ...secret.value,
    [GATEWAY_HEADER]: await context.keys.gatewayId(),
  };
  const signable = { service: "s3", method: METHOD, url: url.value, headers, body: body.bytes } as const;
  const aws = await awsHeaders(context, destination, signable);
  if (!aws.ok) return unsent("failed", aws.error);
  const sent = await sendRequest(
    {
      url: url.value,
      method: METHOD,
      headers: { ...headers, ...aws.value },
      body: body.bytes,
      timeout_ms: destination.timeout_ms,
    },
    context.clock,
  );
  const hidden = hideSecrets(sent, secretsOfHeaders({ ...secret.value, ...aws.value }));
  return { ...hidden, error: storeErrorOf(hidden), duration_ms: spent() };
}

/** Writes each delivery as an object into any store with the interface of Amazon S3. */
export const s3: Provider = {
  is_http: true,
  is_signed: false,
  method: METHOD,
  auth: "aws_sigv4",
  get options() {
    return options();
  },
  refuse: () => null,
  refuseAddress,
  target: ({ url }) => URL.parse(url)?.origin ?? url,
  deliver: send,
};
