import { findProvider } from "../../delivery/providers/registry.ts";
import { hostOf } from "../../delivery/request/url-template.ts";
import type { DestinationAuth, DestinationRequests } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { checkUrl } from "../../net/url-guard.ts";
import type { ApiRequest } from "../request.ts";

/** All requests of a destination together: its row is read with the whole configuration. In characters. */
const MAX_REQUESTS_CHARACTERS = 200_000;

/**
 * Resolves `requests` of a request: whether the type of the destination has any, and whether their hosts may be called. `url` and `auth` are those of
 * the destination after the change.
 */
export function resolveRequests(
  { context, url: own }: ApiRequest,
  type: string,
  given: DestinationRequests,
  { url: ownUrl, auth }: { readonly url: string | undefined; readonly auth: DestinationAuth["type"] },
): Result<DestinationRequests, readonly FieldError[]> {
  const entries = Object.entries(given);
  if (entries.length === 0) return ok(given);
  if (findProvider(type)?.is_http !== true) {
    return fail([{ path: "requests", message: `is accepted for webhooks only, not for the type ${type}` }]);
  }
  if (JSON.stringify(given).length > MAX_REQUESTS_CHARACTERS) {
    return fail([{ path: "requests", message: `must be at most ${MAX_REQUESTS_CHARACTERS} characters long as JSON` }]);
  }
  const rules = { allowPrivate: context.settings.allow_private_destinations, ownHosts: [own.host] };
  const errors = entries.flatMap(([name, { url }]): FieldError[] => {
    const host = url === undefined ? null : hostOf(url);
    if (host === null) return [];
    const path = `requests.${name}.url`;
    const checked = checkUrl(`${host}/`, rules);
    if (!checked.ok) return [{ path, message: checked.error }];
    // Such a token was granted for one host, and is not given again with a change.
    const isElsewhere = checked.value.origin !== (ownUrl === undefined ? null : URL.parse(ownUrl)?.origin);
    if (auth !== "oauth2_authorization_code" || !isElsewhere) return [];
    return [{ path, message: `must be on the host of \`url\`, for auth of type "${auth}"` }];
  });
  return errors.length > 0 ? fail(errors) : ok(given);
}
