import { version } from "../../../package.json";
import { GATEWAY_HEADER } from "../../net/gateway-header.ts";
import { authorizationHeaders, renewedHeaders } from "../request/authorization.ts";
import { hideSecrets, secretsOfHeaders } from "../request/hide-secrets.ts";
import { type Sent, send } from "../request/send.ts";
import type { Result } from "../../model/result.ts";
import { checkUrl } from "../../net/url-guard.ts";
import { type Sender, unsent } from "./provider.ts";

const USER_AGENT = `Hookgate/${version}`;

/** Less time than this is not worth another try within an attempt, in ms. */
const LEAST_TIME_MS = 1_000;

/** Addresses beyond so many are forgotten: templates may write any number of them. */
const MAX_ADDRESSES = 1_000;
const verdicts = new Map<string, Result<URL, string>>();

/**
 * A name that was public when it was saved is looked at again, for the rules may have changed since: once by each isolate,
 * for those of an isolate do not change. The gateway's own hosts are refused when an address is saved, by the host that the
 * save came in on. They are not remembered until here: whoever could feed such a memory with a forged Host could stop
 * deliveries to that host, and an address that became the gateway's only later would be missed all the same.
 * GATEWAY_HEADER has such a request refused where it arrives.
 */
function guardedUrl(address: string, allowPrivate: boolean): Result<URL, string> {
  const name = `${allowPrivate} ${address}`;
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const verdict = checkUrl(address, { allowPrivate, ownHosts: [] });
  if (verdicts.size >= MAX_ADDRESSES) verdicts.clear();
  verdicts.set(name, verdict);
  return verdict;
}

function isUnauthorized({ outcome }: Sent): boolean {
  return outcome.kind === "responded" && outcome.status === 401;
}

/** Sends a signed HTTP request. Where the access token is refused, another is had and the request sent once more. */
export const sendWebhook: Sender = async (context, { delivery_id, destination, body }) => {
  const { settings, keys } = context;
  const { signers } = context.caches;
  const startedAt = context.clock();
  const spent = (): number => context.clock() - startedAt;
  const url = guardedUrl(body.url ?? destination.url, settings.allow_private_destinations);
  if (!url.ok) return unsent("refused", `The address is not allowed: ${url.error}`);
  const authorization = await authorizationHeaders(context, destination);
  if (!authorization.ok) return { ...unsent("failed", authorization.error), duration_ms: spent() };
  const usual = {
    "user-agent": USER_AGENT,
    "content-type": body.content_type,
    ...destination.headers,
    ...authorization.value,
    ...body.headers,
  };
  const signature = await signers.sign(destination, {
    id: delivery_id,
    now_ms: context.clock(),
    method: destination.method,
    url: url.value,
    content_type: usual["content-type"],
    body: body.bytes,
  });
  if (!signature.ok) return unsent("failed", signature.error);
  const headers = { ...usual, [GATEWAY_HEADER]: await keys.gatewayId(), ...signature.value };
  const { method } = destination;
  // What it takes to get a token counts: an attempt is no longer than the destination's time-out.
  const left = (): number => destination.timeout_ms - spent();
  const request = (more: Readonly<Record<string, string>>) => ({
    url: url.value,
    method,
    headers: { ...headers, ...more },
    body: body.bytes,
    timeout_ms: Math.max(LEAST_TIME_MS, left()),
  });
  const sendWith = async (more: Readonly<Record<string, string>>): Promise<Sent> => {
    const credentials = { ...authorization.value, ...body.headers, ...more };
    return hideSecrets(await send(request(more), context.clock), [
      ...secretsOfHeaders(credentials),
      ...(body.secrets ?? []),
    ]);
  };
  const first = await sendWith({});
  if (!isUnauthorized(first) || left() < LEAST_TIME_MS) return { ...first, duration_ms: spent() };
  const renewed = await renewedHeaders(context, destination, authorization.value, left());
  if (renewed === null) return first;
  if (!renewed.ok) {
    const error = `The destination answered 401, and the access token could not be renewed. ${renewed.error}`;
    return { ...first, error, duration_ms: spent() };
  }
  return { ...(await sendWith(renewed.value)), duration_ms: spent() };
};
