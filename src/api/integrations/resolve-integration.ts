import type * as z from "zod/mini";
import type { Context } from "../../context.ts";
import type { Integration } from "../../model/integration.ts";
import type { IntegrationAuth } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { optionsOf } from "../../sources/options.ts";
import { check } from "../field-errors.ts";
import type { RevealedCredentials } from "./auth-fields.ts";
import type { integrationCreation } from "./fields.ts";
import { unknownNamesIn } from "./options.ts";
import { resolveAuth } from "./resolve-auth.ts";

/** The fields of an integration that a request describes completely, and the new credentials in clear text. */
export type ResolvedIntegration = {
  readonly settings: Omit<
    Integration,
    "id" | "address" | "shard" | "external_id" | "managed_by" | "created_at" | "updated_at"
  >;
  readonly revealed: RevealedCredentials;
};

/** Resolves a complete description of an integration. `stored` is its authentication so far. */
export async function resolveIntegration(
  { keys }: Context,
  body: z.output<typeof integrationCreation>,
  id: string,
  stored: IntegrationAuth,
): Promise<Result<ResolvedIntegration, readonly FieldError[]>> {
  const { auth, options, shard: _shard, external_id: _external, ...settings } = body;
  const checked = check(optionsOf(settings.type), options, "options");
  if (!checked.ok) return checked;
  const unknown = unknownNamesIn(options);
  if (unknown.length > 0) return fail(unknown);
  const resolved = await resolveAuth(keys, auth, stored, id);
  if (!resolved.ok) return resolved;
  return ok({
    settings: { ...settings, auth: resolved.value.auth, options: checked.value },
    revealed: resolved.value.revealed,
  });
}
