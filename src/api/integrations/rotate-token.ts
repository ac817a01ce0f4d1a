import * as z from "zod/mini";
import { type KeyRing, generateSecret } from "../../crypto/key-ring.ts";
import { CREDENTIAL_PROPERTY, type IntegrationAuth, type RetiringCredential } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { findIntegration, rotateCredential } from "../../storage/config/integrations.ts";
import { changeConfig } from "../../storage/config/revision.ts";
import { recordChange } from "../audit/record.ts";
import { inboundScheme } from "../../signing/schemes/registry.ts";
import { endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { endOfOverlap, overlapSeconds } from "../fields.ts";
import { notFound, refuseBody } from "../problems.ts";
import { requestSchema } from "../schema.ts";
import { type RevealedCredentials, signatureSecret } from "./auth-fields.ts";
import { readActivity } from "./activity.ts";
import { forgetIntegration, integration, viewIntegration } from "./fields.ts";
import { resolveSignatureSecret } from "./signature-secret.ts";

const MAX_RETIRING = 10;

const tokenRotation = requestSchema(
  "TokenRotation",
  z.strictObject({ overlap_seconds: overlapSeconds, secret: z.optional(signatureSecret) }),
);

type CredentialAuth = Exclude<IntegrationAuth, { type: "none" }>;

/** A new credential: in clear text, under the name that shows it, and as it is stored. */
type Replacement = { readonly revealed: RevealedCredentials; readonly stored: string };

async function replaceCredential(
  keys: KeyRing,
  id: string,
  auth: CredentialAuth,
  given: string | undefined,
): Promise<Result<Replacement, readonly FieldError[]>> {
  if (auth.type !== "signature" && given !== undefined) {
    return fail([{ path: "secret", message: "can be given for signatures only" }]);
  }
  switch (auth.type) {
    case "token":
    case "bearer": {
      const token = generateSecret("tok_");
      return ok({ revealed: { token }, stored: await keys.hashToken(token) });
    }
    case "basic": {
      const password = generateSecret("pwd_");
      return ok({ revealed: { password }, stored: await keys.hashToken(password) });
    }
    case "signature": {
      const secret = await resolveSignatureSecret(auth, given, "secret");
      if (!secret.ok) return secret;
      return ok({ revealed: { secret: secret.value }, stored: await keys.seal(secret.value, id) });
    }
  }
}

function stillAccepted(auth: CredentialAuth, at: string): readonly RetiringCredential[] {
  return (auth.previous ?? []).filter(({ expires_at }) => expires_at > at);
}

export const rotateToken = endpoint({
  id: "integrations.rotateToken",
  method: "POST",
  path: "/integrations/{id}/rotate-token",
  scope: "write",
  summary: "Give an integration a new credential",
  description: "The replaced credential is accepted until the overlap ends.",
  body: optionalJsonBody(tokenRotation),
  answers: { 200: returns(integration, "The integration, with the new credential.") },
  problems: { 409: "It has no credential, or too many replaced ones are still accepted." },
}).handle(async (request) => {
  const { context, id, body } = request;
  const found = await findIntegration(context.primary, id);
  if (found === null) return notFound("integration");
  const { auth } = found;
  if (auth.type === "none" || (auth.type === "signature" && inboundScheme(auth.scheme)?.secret === null))
    return fail({ code: "no_credential", title: "This integration has no credential to rotate." });
  const nowMs = context.clock();
  const at = new Date(nowMs).toISOString();
  // A secret that is not learned yet leaves nothing to accept.
  const isUnknown = auth.type === "signature" && auth.sealed_secret === "";
  const retires_at = isUnknown ? null : endOfOverlap(nowMs, body.overlap_seconds);
  const retiring = retires_at === null ? [] : stillAccepted(auth, at);
  if (retiring.length >= MAX_RETIRING) {
    const detail = "End them with an overlap of 0, or wait until one of them ends.";
    return fail({
      code: "too_many_credentials",
      title: `${MAX_RETIRING} replaced credentials are still accepted.`,
      detail,
    });
  }
  const replaced = await replaceCredential(context.keys, id, auth, body.secret);
  if (!replaced.ok) return refuseBody(replaced.error);
  const { revealed, stored } = replaced.value;
  const property = CREDENTIAL_PROPERTY[auth.type];
  const statement = rotateCredential(context.primary, id, { property, value: stored, retires_at, at });
  const record = recordChange(request, "integration.token_rotated", found, {
    ...found,
    auth: { ...auth, [property]: stored },
  });
  const previous = retires_at === null ? [] : [...retiring, { value: "", expires_at: retires_at }];
  const activityOf = await readActivity(context, [found]);
  const rotated = { ...found, auth: { ...auth, previous }, updated_at: at };
  return {
    status: 200,
    body: viewIntegration(request, rotated, activityOf(found.id), revealed),
    commit: async (alongside) => {
      await changeConfig(context.primary, [statement, ...record, ...alongside]);
      forgetIntegration(context, id);
    },
  };
});
