import * as z from "zod/mini";
import { fail, ok } from "../../model/result.ts";
import { findDestination, rotateSigningSecret } from "../../storage/destinations/destinations.ts";
import { changeConfiguration } from "../../storage/config/revision.ts";
import { parseBody } from "../body.ts";
import type { Verb } from "../call.ts";
import { notFound, refuseBody } from "../problems.ts";
import { readStates, viewDestination } from "./view.ts";
import { anySecret, chooseSecret, secretFormOf } from "./signing-secret.ts";

const MAX_OVERLAP_SECONDS = 604_800;
const DEFAULT_OVERLAP_SECONDS = 86_400;
const MAX_IN_FORCE = 10;

export const rotation = z.strictObject({
  overlap_seconds: z._default(z.int().check(z.minimum(0), z.maximum(MAX_OVERLAP_SECONDS)), DEFAULT_OVERLAP_SECONDS),
  secret: z.optional(anySecret),
});

/** Gives a destination a new signing secret; the one it replaces signs as well until the overlap ends. */
export const rotateSecret: Verb = async (call) => {
  const destination = await findDestination(call.context.primary, call.id);
  if (destination === null) return notFound("destination");
  const body = parseBody(call.bodyText.trim() === "" ? "{}" : call.bodyText, rotation);
  if (!body.ok) return body;
  const form = secretFormOf(destination.signing);
  if (form === "none" || destination.signing_secrets.length === 0) {
    return fail({ status: 409, title: "This destination has no signing secret to rotate." });
  }
  const { overlap_seconds, secret } = body.value;
  const nowMs = Date.now();
  const at = new Date(nowMs).toISOString();
  const retires_at = overlap_seconds === 0 ? null : new Date(nowMs + overlap_seconds * 1_000).toISOString();
  const inForce = destination.signing_secrets.filter(({ expires_at }) => expires_at === null || expires_at > at);
  if (retires_at !== null && inForce.length >= MAX_IN_FORCE) {
    const detail = "End the earlier ones with an overlap of 0, or wait until one has ended.";
    return fail({ status: 409, title: `${MAX_IN_FORCE} secrets of this destination sign already.`, detail });
  }
  const chosen = chooseSecret(form, secret);
  if (!chosen.ok) return refuseBody([{ path: "secret", message: chosen.error }]);
  const sealed = await call.context.keys.seal(chosen.value, call.id);
  const statement = rotateSigningSecret(call.context.primary, call.id, { sealed, retires_at, most: MAX_IN_FORCE, at });
  return ok({
    status: 200,
    body: {
      ...viewDestination({ ...destination, updated_at: at }, await readStates(call, [destination])),
      signing_secret: chosen.value,
    },
    commit: async (alongside) => {
      await changeConfiguration(call.context.primary, [statement, ...alongside]);
      call.context.caches.config.forget();
    },
  });
};
