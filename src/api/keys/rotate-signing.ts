import * as z from "zod/mini";
import { fail } from "../../model/result.ts";
import { readKeys, replaceSigningKey } from "../../storage/config/keys.ts";
import { changeConfig } from "../../storage/config/revision.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { endOfOverlap, overlapSeconds } from "../fields.ts";
import { answerSchema, requestSchema, time } from "../schema.ts";

/** Each key makes a signature, and servers bound the length of headers. */
const MAX_IN_FORCE = 4;

const signingKeyRotation = requestSchema("SigningKeyRotation", z.strictObject({ overlap_seconds: overlapSeconds }));

const signingKey = answerSchema(
  "SigningKey",
  z.strictObject({
    id: z.string().check(z.describe("The `kid` in `/.well-known/jwks.json`.")),
    created_at: time,
    replaced_until: time.check(z.describe("Until when the replaced keys sign, too.")),
  }),
);

export const rotateSigning = endpoint({
  id: "keys.rotateSigning",
  method: "POST",
  path: "/keys/signing/rotate",
  scope: "admin",
  summary: "Replace the key that signs in the gateway's name",
  description:
    "For destinations with `standard-webhooks-ed25519` or `rfc9421` with Ed25519. Until the overlap ends, both keys sign and both are in `/.well-known/jwks.json`, which receivers may keep for an hour. An overlap of 0 is for a key that has leaked.",
  body: optionalJsonBody(signingKeyRotation),
  answers: { 200: returns(signingKey, "The new key.") },
  problems: { 409: "Too many keys sign already." },
}).handle(async (request) => {
  const { context, body } = request;
  const { primary, caches, keys, clock } = context;
  // A gateway with a wrong MASTER_KEY must not store a key that the right one does not open.
  await keys.signingKeys(clock());
  const key = await caches.key_store.newSigningKey();
  const nowMs = Date.parse(key.created_at);
  const retires_at = endOfOverlap(nowMs, body.overlap_seconds) ?? key.created_at;
  const inForce = (await readKeys(primary)).filter(
    ({ purpose, expires_at }) => purpose === "sign" && (expires_at === null || expires_at > key.created_at),
  );
  if (body.overlap_seconds > 0 && inForce.length >= MAX_IN_FORCE) {
    const detail = "End the replaced ones with an overlap of 0, or wait until one of them ends.";
    return fail({ code: "too_many_credentials", title: `${MAX_IN_FORCE} keys sign already.`, detail });
  }
  const record = recordChange(request, "key.rotated", null, { id: key.id, purpose: key.purpose, retires_at });
  return {
    status: 200,
    body: { id: key.id, created_at: key.created_at, replaced_until: retires_at },
    commit: async (alongside) => {
      await changeConfig(primary, [...replaceSigningKey(primary, key, retires_at), ...record, ...alongside]);
      caches.key_store.forget();
    },
  };
});
