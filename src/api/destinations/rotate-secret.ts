import * as z from "zod/mini";
import { fail } from "../../model/result.ts";
import { changeConfig } from "../../storage/config/revision.ts";
import { findDestination, rotateSigningSecret } from "../../storage/destinations/destinations.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { endOfOverlap, overlapSeconds } from "../fields.ts";
import { notFound, refuseBody } from "../problems.ts";
import { requestSchema } from "../schema.ts";
import { revealedDestination } from "./fields.ts";
import { anySecret, chooseSecret, secretFormOf } from "./signing-secret.ts";
import { readStates, viewDestination } from "./view.ts";

const MAX_IN_FORCE = 10;

const secretRotation = requestSchema(
  "SecretRotation",
  z.strictObject({ overlap_seconds: overlapSeconds, secret: z.optional(anySecret) }),
);

export const rotateSecret = endpoint({
  id: "destinations.rotateSecret",
  method: "POST",
  path: "/destinations/{id}/rotate-secret",
  scope: "write",
  summary: "Give a destination a new signing secret",
  description: "The replaced secret signs, too, until the overlap ends.",
  body: optionalJsonBody(secretRotation),
  answers: { 200: returns(revealedDestination, "The destination, with the new secret.") },
  problems: { 409: "Its scheme has no secret, or too many secrets sign already." },
}).handle(async (request) => {
  const { context, id, body } = request;
  const found = await findDestination(context.primary, id);
  if (found === null) return notFound("destination");
  const form = secretFormOf(found.signing);
  if (form === "none" || found.signing_secrets.length === 0) {
    return fail({ code: "no_credential", title: "This destination has no signing secret to rotate." });
  }
  const nowMs = context.clock();
  const at = new Date(nowMs).toISOString();
  const retires_at = endOfOverlap(nowMs, body.overlap_seconds);
  const inForce = found.signing_secrets.filter(({ expires_at }) => expires_at === null || expires_at > at);
  if (retires_at !== null && inForce.length >= MAX_IN_FORCE) {
    const detail = "End the replaced ones with an overlap of 0, or wait until one of them ends.";
    return fail({
      code: "too_many_credentials",
      title: `${MAX_IN_FORCE} secrets of this destination sign already.`,
      detail,
    });
  }
  const chosen = chooseSecret(form, body.secret);
  if (!chosen.ok) return refuseBody([{ path: "secret", message: chosen.error }]);
  const sealed = await context.keys.seal(chosen.value, id);
  const statement = rotateSigningSecret(context.primary, id, { sealed, retires_at, max_secrets: MAX_IN_FORCE, at });
  const signing_secrets = [{ sealed, expires_at: null }];
  const record = recordChange(request, "destination.secret_rotated", found, { ...found, signing_secrets });
  const replaced =
    retires_at === null ? [] : inForce.map((each) => ({ ...each, expires_at: each.expires_at ?? retires_at }));
  const rotated = { ...found, updated_at: at, signing_secrets: [...signing_secrets, ...replaced] };
  const view = viewDestination(rotated, await readStates(context, [found]));
  return {
    status: 200,
    body: { ...view, signing_secret: chosen.value },
    commit: async (alongside) => {
      await changeConfig(context.primary, [statement, ...record, ...alongside]);
      context.caches.config.forget();
    },
  };
});
