import type * as z from "zod/mini";
import type { Destination } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { DestinationChanges } from "../../storage/destinations/destinations.ts";
import { errorsOf } from "../field-errors.ts";
import { reasonAfter } from "./disabled-reason.ts";
import type { destinationChange } from "./fields.ts";
import { presetFaults } from "./preset-fit.ts";
import { providerFaults } from "./provider-fit.ts";
import { resolveHeaders } from "./headers.ts";
import { resolveAuth } from "./resolve-auth.ts";
import { resolveRequests } from "./resolve-requests.ts";
import { resolvePayload } from "./resolve-payload.ts";
import { resolveSigning } from "./resolve-signing.ts";
import { secretsNeedingReentry } from "./secret-targets.ts";
import { resolveReference, transformationFaults } from "../transformations/reference.ts";
import { namesTarget, resolveTarget } from "./target.ts";
import type { ApiRequest } from "../request.ts";

type ResolvedChange = {
  readonly changes: DestinationChanges;
  /** Whether the destination delivers to another target from now on. */
  readonly is_moved: boolean;
  /** Whether the change was checked against stored secrets or targets, which must not have changed meanwhile. */
  readonly depends_on_secrets: boolean;
  /** The new signing secret in clear text; null if it did not change. */
  readonly revealed: string | null;
};

/** Resolves a change of a destination to the values to store. */
export async function resolveChange(
  request: ApiRequest,
  stored: Destination,
  given: z.output<typeof destinationChange>,
): Promise<Result<ResolvedChange, readonly FieldError[]>> {
  if (given.type !== undefined && given.type !== stored.type) {
    return fail([{ path: "type", message: "cannot be changed: create another destination" }]);
  }
  const { keys } = request.context;
  const { id } = stored;
  const is_moved = namesTarget(stored.type, given);
  const [auth, signing, payload, headers, transformation] = await Promise.all([
    given.auth === undefined ? null : resolveAuth(request, given.auth, id, stored),
    given.signing === undefined ? null : resolveSigning(keys, given.signing, id, stored),
    given.payload === undefined ? null : resolvePayload(keys, given.payload, id, stored.payload),
    resolveHeaders(keys, given.headers, given.auth?.type ?? stored.auth.type, id, stored),
    resolveReference(request.context.primary, given.transformation_id),
  ]);
  const target = is_moved ? resolveTarget(request, stored.type, given, stored) : null;
  const towards = { url: given.url ?? stored.url, auth: given.auth?.type ?? stored.auth.type };
  // A change of the URL or the authentication can make them unfit, too.
  const requests = resolveRequests(request, stored.type, given.requests ?? stored.requests, towards);
  const errors = errorsOf(target, headers, auth, signing, payload, transformation, requests);
  if (errors.length > 0 || !transformation.ok) return fail(errors);
  const targeting = {
    ...(target?.ok === true ? target.value : {}),
    ...(headers.ok ? headers.value : {}),
    ...(auth?.ok === true ? { auth: auth.value } : {}),
    ...(payload?.ok === true ? { payload: payload.value } : {}),
    ...(given.requests !== undefined && requests.ok ? { requests: requests.value } : {}),
  };
  const missing = secretsNeedingReentry(stored, { ...stored, ...targeting }, given.auth);
  if (missing.length > 0) return fail(missing);
  // A change of other fields is possible even if the product has changed its address since.
  const isFitted = [given.payload, given.url, given.auth, given.headers].some((field) => field !== undefined);
  const after = { ...stored, ...targeting };
  const transformation_id = transformation.value;
  const transformed = { ...after, ...(transformation_id === undefined ? {} : { transformation_id }) };
  const fitFaults = isFitted ? [...presetFaults(after), ...providerFaults(after)] : [];
  const faults = [...fitFaults, ...transformationFaults(transformed)];
  if (faults.length > 0) return fail(faults);
  const resolvedSigning = signing?.ok === true ? signing.value : null;
  const { url: _url, options: _options, headers: _headers, auth: _auth, payload: _payload, ...settings } = given;
  return ok({
    changes: {
      ...settings,
      ...targeting,
      transformation_id,
      signing: resolvedSigning?.signing,
      signing_secrets: resolvedSigning?.signing_secrets,
      disabled_reason: reasonAfter(stored, given.enabled),
      updated_at: new Date(request.context.clock()).toISOString(),
    },
    is_moved,
    depends_on_secrets: Object.keys(targeting).length > 0,
    revealed: resolvedSigning?.revealed ?? null,
  });
}
