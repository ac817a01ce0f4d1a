import * as z from "zod/mini";
import { GATEWAY_HEADER } from "../../net/gateway-header.ts";
import { authorizationHeaders, renewedHeaders } from "../request/authorization.ts";
import { awsHeaders } from "../request/aws-signature.ts";
import { guardedUrl } from "../request/guarded-url.ts";
import { hideSecrets, secretsOfHeaders } from "../request/hide-secrets.ts";
import { type Body, DELIVERY_ID } from "../request/rendered-body.ts";
import { USER_AGENT, forwardedHeaders } from "../request/sender-headers.ts";
import { type Sent, send as sendRequest } from "../request/send.ts";
import type { Context } from "../../context.ts";
import { lazy } from "../../model/lazy.ts";
import { type Outgoing, type Provider, unsent } from "./provider.ts";

const noOptions = lazy(() => z.strictObject({}));

/** With less time left, an attempt does not send its request again. */
const MIN_TIME_MS = 1_000;

const EMPTY = new Uint8Array();

/** Returns the headers with the delivery's id in them. */
function filledIn(headers: Body["headers"], deliveryId: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name, value.replaceAll(DELIVERY_ID, deliveryId)]),
  );
}

function isUnauthorized({ outcome }: Sent): boolean {
  return outcome.kind === "responded" && outcome.status === 401;
}

async function send(context: Context, { delivery_id, destination, event, body }: Outgoing): Promise<Sent> {
  const { settings, keys } = context;
  const { signers } = context.caches;
  const startedAt = context.clock();
  const spent = (): number => context.clock() - startedAt;
  const address = body.url?.replaceAll(DELIVERY_ID, delivery_id) ?? destination.url;
  const url = guardedUrl(address, settings.allow_private_destinations);
  if (!url.ok) return unsent("refused", `The address is not allowed: ${url.error}`);
  const authorization = await authorizationHeaders(context, destination);
  if (!authorization.ok) {
    const { message, is_held } = authorization.error;
    return { ...unsent(is_held ? "waiting" : "failed", message), duration_ms: spent() };
  }
  const usual = {
    ...forwardedHeaders(destination, event),
    "user-agent": USER_AGENT,
    "content-type": body.content_type,
    ...destination.headers,
    ...authorization.value,
    ...filledIn(body.headers, delivery_id),
  };
  const method = body.method ?? destination.method;
  // `fetch` refuses a body with GET.
  const isBare = method === "GET";
  const signature = await signers.sign(destination, {
    id: delivery_id,
    now_ms: context.clock(),
    method,
    url: url.value,
    content_type: usual["content-type"],
    body: isBare ? EMPTY : body.bytes,
  });
  if (!signature.ok) return unsent("failed", signature.error);
  const signed = { ...usual, [GATEWAY_HEADER]: await keys.gatewayId(), ...signature.value };
  const signable = { service: "execute-api", method, url: url.value, headers: signed };
  const aws = await awsHeaders(context, destination, { ...signable, body: isBare ? EMPTY : body.bytes });
  if (!aws.ok) return unsent("failed", aws.error);
  const headers = { ...signed, ...aws.value };
  // The time-out covers the whole attempt, including the request for an access token.
  const left = (): number => destination.timeout_ms - spent();
  const request = (more: Readonly<Record<string, string>>) => ({
    url: url.value,
    method,
    headers: { ...headers, ...more },
    body: isBare ? null : body.bytes,
    capture: body.capture,
    timeout_ms: Math.max(MIN_TIME_MS, left()),
  });
  const sendWith = async (more: Readonly<Record<string, string>>): Promise<Sent> => {
    return hideSecrets(await sendRequest(request(more), context.clock), [
      ...secretsOfHeaders({ ...authorization.value, ...aws.value, ...more }),
      ...(body.secrets ?? []),
    ]);
  };
  const first = await sendWith({});
  if (!isUnauthorized(first) || left() < MIN_TIME_MS) return { ...first, duration_ms: spent() };
  const renewed = await renewedHeaders(context, destination, authorization.value, left());
  if (renewed === null) return first;
  if (!renewed.ok) {
    const error = `The destination answered 401, and the access token could not be renewed. ${renewed.error.message}`;
    return { ...first, error, duration_ms: spent() };
  }
  return { ...(await sendWith(renewed.value)), duration_ms: spent() };
}

/**
 * Sends a signed HTTP request. If the destination refuses the access token, the request is sent once more with a new
 * one.
 */
export const webhook: Provider = {
  is_http: true,
  is_signed: true,
  get options() {
    return noOptions();
  },
  refuse: () => null,
  target: ({ url }) => URL.parse(url)?.origin ?? url,
  deliver: send,
};
