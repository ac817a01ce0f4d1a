import * as z from "zod/mini";
import { fail } from "../../model/result.ts";
import { beginAuthorization } from "../../oauth/authorize.ts";
import { usesOAuth } from "../../oauth/stored-token.ts";
import { runInTransaction } from "../../storage/config/revision.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { insertAuthorizationRequest } from "../../storage/destinations/oauth-requests.ts";
import { endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { answerSchema, requestSchema, time } from "../schema.ts";

const nothing = requestSchema("Nothing", z.strictObject({}));
const authorization = answerSchema(
  "Authorization",
  z.strictObject({
    authorization_url: z.url().check(z.describe("The address at which a user must consent.")),
    expires_at: time,
  }),
);

export const authorize = endpoint({
  id: "destinations.authorize",
  method: "POST",
  path: "/destinations/{id}/authorize",
  scope: "write",
  summary: "Start an OAuth authorization",
  body: optionalJsonBody(nothing),
  answers: { 200: returns(authorization, "The authorization that was started.") },
  problems: { 409: "Its `auth` has another type, or its `auth_url` is not allowed." },
}).handle(async ({ context, url, id }) => {
  const destination = await findDestination(context.primary, id);
  if (destination === null) return notFound("destination");
  const nowMs = context.clock();
  const begun = usesOAuth(destination) ? await beginAuthorization(context, destination, url, nowMs) : null;
  if (begun === null) {
    const title = "This destination does not authenticate with an authorization code.";
    return fail({ code: "wrong_auth_type", title, detail: 'Its auth must have the type "oauth2_authorization_code".' });
  }
  if (!begun.ok)
    return fail({ code: "url_not_allowed", title: "auth.auth_url is no longer allowed.", detail: begun.error });
  const { authorization_url, request } = begun.value;
  return {
    status: 200,
    body: { authorization_url, expires_at: new Date(request.expires_at).toISOString() },
    commit: (alongside) =>
      runInTransaction(context.primary, [...insertAuthorizationRequest(context.primary, request, nowMs), ...alongside]),
  };
});
