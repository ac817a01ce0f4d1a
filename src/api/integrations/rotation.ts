import * as z from "zod/mini";
import { CREDENTIAL_PROPERTY, type IntegrationAuth, type RetiringCredential } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { generateSecret } from "../../crypto/key-ring.ts";
import { findIntegration, rotateAddress, rotateCredential } from "../../storage/config/integrations.ts";
import { changeConfiguration } from "../../storage/config/revision.ts";
import { parseBody } from "../body.ts";
import type { Call, Verb } from "../call.ts";
import { settleSecret } from "./resolve-auth.ts";
import { signatureSecret } from "./auth.ts";
import { forget, view } from "./view.ts";
import { notFound, refuseBody } from "../problems.ts";

const MAX_OVERLAP_SECONDS = 604_800;
const DEFAULT_OVERLAP_SECONDS = 86_400;
const MAX_RETIRING = 10;

type Credentials = Exclude<IntegrationAuth, { type: "none" }>;

const overlap_seconds = z._default(
  z.int().check(z.minimum(0), z.maximum(MAX_OVERLAP_SECONDS)),
  DEFAULT_OVERLAP_SECONDS,
);
export const urlRotation = z.strictObject({ overlap_seconds });
export const tokenRotation = z.strictObject({ overlap_seconds, secret: z.optional(signatureSecret) });

/** What a rotation says where nothing is sent. */
function bodyOf(call: Call): string {
  return call.bodyText.trim() === "" ? "{}" : call.bodyText;
}

/** When what is replaced ends; null for now. */
function endOf(nowMs: number, overlapSeconds: number): string | null {
  return overlapSeconds === 0 ? null : new Date(nowMs + overlapSeconds * 1_000).toISOString();
}

/** A new credential: in the clear under the name that it is shown by, and as it is stored. */
type Replacement = { readonly revealed: Readonly<Record<string, string>>; readonly stored: string };

async function replace(
  call: Call,
  auth: Credentials,
  secret: string | undefined,
): Promise<Result<Replacement, readonly FieldError[]>> {
  const { keys } = call.context;
  if (auth.type !== "signature" && secret !== undefined) {
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
      const settled = await settleSecret(auth, secret, "secret");
      if (!settled.ok) return settled;
      return ok({ revealed: { secret: settled.value }, stored: await keys.seal(settled.value, call.id) });
    }
  }
}

function stillAccepted(auth: Credentials, at: string): readonly RetiringCredential[] {
  return (auth.previous ?? []).filter(({ expires_at }) => expires_at > at);
}

/** Gives an integration a new credential; the one it replaces is accepted until the overlap ends. */
export const rotateToken: Verb = async (call) => {
  const integration = await findIntegration(call.context.primary, call.id);
  if (integration === null) return notFound("integration");
  const body = parseBody(bodyOf(call), tokenRotation);
  if (!body.ok) return body;
  const { auth } = integration;
  if (auth.type === "none") return fail({ status: 409, title: "This integration has no credential to rotate." });
  const { secret } = body.value;
  const nowMs = Date.now();
  const at = new Date(nowMs).toISOString();
  const retires_at = endOf(nowMs, body.value.overlap_seconds);
  const retiring = retires_at === null ? [] : stillAccepted(auth, at);
  if (retiring.length >= MAX_RETIRING) {
    const detail = "End them with an overlap of 0, or wait until one has ended.";
    return fail({ status: 409, title: `${MAX_RETIRING} earlier credentials are still accepted.`, detail });
  }
  const replaced = await replace(call, auth, secret);
  if (!replaced.ok) return refuseBody(replaced.error);
  const { revealed, stored } = replaced.value;
  const property = CREDENTIAL_PROPERTY[auth.type];
  const statement = rotateCredential(call.context.primary, call.id, { property, value: stored, retires_at, at });
  const ended = retires_at === null ? [] : [...retiring, { value: "", expires_at: retires_at }];
  const shown = { ...integration, auth: { ...auth, previous: ended }, updated_at: at };
  return ok({
    status: 200,
    body: view(call, shown, revealed),
    commit: async (alongside) => {
      await changeConfiguration(call.context.primary, [statement, ...alongside]);
      forget(call, call.id);
    },
  });
};

/** Gives an integration another URL; its id stays, and the URL it had works until the overlap ends. */
export const rotateUrl: Verb = async (call) => {
  const integration = await findIntegration(call.context.primary, call.id);
  if (integration === null) return notFound("integration");
  const body = parseBody(bodyOf(call), urlRotation);
  if (!body.ok) return body;
  const { id: address } = call.context.mint("int");
  const nowMs = Date.now();
  const at = new Date(nowMs).toISOString();
  const retires_at = endOf(nowMs, body.value.overlap_seconds);
  return ok({
    status: 200,
    body: view(call, { ...integration, address, updated_at: at }),
    commit: async (alongside) => {
      const statements = rotateAddress(call.context.primary, call.id, { address, retires_at, at });
      await changeConfiguration(call.context.primary, [...statements, ...alongside]);
      forget(call, call.id);
    },
  });
};
