import * as z from "zod/mini";
import { fail, ok } from "../../model/result.ts";
import { beginAuthorization } from "../../oauth/authorize.ts";
import { usesOAuth } from "../../oauth/stored-token.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { insertAuthorizationRequest } from "../../storage/destinations/oauth-requests.ts";
import { runTogether } from "../../storage/config/revision.ts";
import { parseBody } from "../body.ts";
import type { Verb } from "../call.ts";
import { notFound } from "../problems.ts";

export const nothing = z.strictObject({});

/** Begins an authorization: answers the address at which somebody has to consent. */
export const authorize: Verb = async (call) => {
  const destination = await findDestination(call.context.primary, call.id);
  if (destination === null) return notFound("destination");
  const body = parseBody(call.bodyText.trim() === "" ? "{}" : call.bodyText, nothing);
  if (!body.ok) return body;
  const nowMs = Date.now();
  const begun = usesOAuth(destination) ? await beginAuthorization(call.context, destination, call.url, nowMs) : null;
  if (begun === null) {
    const title = "This destination does not authenticate with an authorization code.";
    return fail({ status: 409, title, detail: 'Its auth has to be of the type "oauth2_authorization_code".' });
  }
  if (!begun.ok) return fail({ status: 409, title: "auth.auth_url is not allowed any more.", detail: begun.error });
  const { authorization_url, request } = begun.value;
  return ok({
    status: 200,
    body: { authorization_url, expires_at: new Date(request.expires_at).toISOString() },
    commit: (alongside) =>
      runTogether(call.context.primary, [
        ...insertAuthorizationRequest(call.context.primary, request, nowMs),
        ...alongside,
      ]),
  });
};
