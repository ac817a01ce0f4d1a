import type * as z from "zod/mini";
import { findProvider } from "../../delivery/providers/registry.ts";
import type { Destination } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { errorsOf } from "../field-errors.ts";
import type { ApiRequest } from "../request.ts";
import type { destinationCreation } from "./fields.ts";
import { presetFaults } from "./preset-fit.ts";
import { providerFaults } from "./provider-fit.ts";
import { resolveHeaders } from "./headers.ts";
import { resolveAuth } from "./resolve-auth.ts";
import { resolveRequests } from "./resolve-requests.ts";
import { resolvePayload } from "./resolve-payload.ts";
import { type ResolvedSigning, resolveSigning } from "./resolve-signing.ts";
import { transformationFaults } from "../transformations/reference.ts";
import { resolveTarget } from "./target.ts";

/** Types other than webhooks send no request that could be signed. */
const UNSIGNED: ResolvedSigning = { signing: { scheme: "none" }, signing_secrets: [], revealed: null };

/** The fields of a destination that a request describes completely, and its new signing secret in clear text. */
export type ResolvedDestination = {
  readonly settings: Omit<
    Destination,
    "id" | "external_id" | "managed_by" | "disabled_reason" | "paused_at" | "created_at" | "updated_at"
  >;
  /** Null if the secret did not change. */
  readonly revealed: string | null;
};

/** Resolves a complete description of a destination. `stored` has the secrets that it may keep; null for a new one. */
export async function resolveDestination(
  request: ApiRequest,
  body: z.output<typeof destinationCreation>,
  id: string,
  stored: Destination | null,
): Promise<Result<ResolvedDestination, readonly FieldError[]>> {
  const { keys } = request.context;
  const { url: _url, options: _options, external_id: _external, ...rest } = body;
  const method = body.method ?? findProvider(body.type)?.method ?? "POST";
  const { headers: givenHeaders, auth: givenAuth, signing: givenSigning, payload: givenPayload, ...settings } = rest;
  const target = resolveTarget(request, body.type, body, null);
  const authentication = givenAuth ?? { type: "none" };
  const [auth, signing, payload, headers] = await Promise.all([
    resolveAuth(request, authentication, id, stored),
    findProvider(body.type)?.is_signed === true
      ? resolveSigning(keys, givenSigning ?? { scheme: "standard-webhooks" }, id, stored)
      : ok(UNSIGNED),
    resolvePayload(keys, givenPayload ?? { mode: "envelope" }, id, stored?.payload ?? null),
    resolveHeaders(keys, givenHeaders ?? { headers: {}, kept: [] }, authentication.type, id, stored),
  ]);
  const requests = resolveRequests(request, body.type, body.requests, {
    url: body.url,
    auth: authentication.type,
  });
  if (!target.ok || !headers.ok || !auth.ok || !signing.ok || !payload.ok || !requests.ok) {
    return fail(errorsOf(target, headers, auth, signing, payload, requests));
  }
  const fitted = {
    ...target.value,
    headers: headers.value.headers ?? {},
    sealed_headers: headers.value.sealed_headers ?? {},
    auth: auth.value,
    payload: payload.value,
  };
  const { transformation_id } = settings;
  const faults = [
    ...presetFaults(fitted),
    ...providerFaults({ ...fitted, type: body.type }),
    ...transformationFaults({ ...fitted, transformation_id }),
  ];
  if (faults.length > 0) return fail(faults);
  return ok({
    settings: {
      ...settings,
      ...fitted,
      method,
      signing: signing.value.signing,
      signing_secrets: signing.value.signing_secrets ?? stored?.signing_secrets ?? [],
    },
    revealed: signing.value.revealed,
  });
}
