import type { Destination } from "../../model/destination.ts";
import { ok } from "../../model/result.ts";
import { changeConfig } from "../../storage/config/revision.ts";
import { insertDestination } from "../../storage/destinations/destinations.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { errorsOf } from "../field-errors.ts";
import { refuseBody } from "../problems.ts";
import { DISABLED_BY_HAND } from "./disabled-reason.ts";
import { destinationCreation, revealedDestination } from "./fields.ts";
import { resolveHeaders } from "./headers.ts";
import { resolveAuth } from "./resolve-auth.ts";
import { resolvePayload } from "./resolve-payload.ts";
import { type ResolvedSigning, resolveSigning } from "./resolve-signing.ts";
import { resolveTarget } from "./target.ts";
import { NEW, viewDestination } from "./view.ts";

/** Types other than webhooks send no request that could be signed. */
const UNSIGNED: ResolvedSigning = { signing: { scheme: "none" }, signing_secrets: [], revealed: null };

export const create = endpoint({
  id: "destinations.create",
  method: "POST",
  path: "/destinations",
  scope: "write",
  summary: "Create a destination",
  body: jsonBody(destinationCreation, { name: "receiver", url: "https://hooks.example.com/in" }),
  answers: { 201: returns(revealedDestination, "Created.") },
}).handle(async (request) => {
  const { context } = request;
  const { keys } = context;
  const { body } = request;
  const { url: _url, options: _options, headers: _headers, auth: _auth, signing: _signing, ...rest } = body;
  const { payload: _payload, method = "POST", ...settings } = rest;
  const { id, at_ms } = context.mint("dst");
  const at = new Date(at_ms).toISOString();
  const target = resolveTarget(request, body.type, body, null);
  const [auth, signing, payload, headers] = await Promise.all([
    resolveAuth(request, body.auth ?? { type: "none" }, id, null),
    body.type === "webhook"
      ? resolveSigning(keys, body.signing ?? { scheme: "standard-webhooks" }, id, null)
      : ok(UNSIGNED),
    resolvePayload(keys, body.payload ?? { mode: "envelope" }, id, null),
    resolveHeaders(keys, body.headers, body.auth?.type ?? "none", id, null),
  ]);
  if (!target.ok || !headers.ok || !auth.ok || !signing.ok || !payload.ok) {
    return refuseBody(errorsOf(target, headers, auth, signing, payload));
  }
  const destination: Destination = {
    id,
    ...settings,
    ...target.value,
    method,
    headers: headers.value.headers ?? {},
    sealed_headers: headers.value.sealed_headers ?? {},
    auth: auth.value,
    signing: signing.value.signing,
    signing_secrets: signing.value.signing_secrets ?? [],
    payload: payload.value,
    disabled_reason: settings.enabled ? null : DISABLED_BY_HAND,
    managed_by: null,
    created_at: at,
    updated_at: at,
  };
  const { revealed } = signing.value;
  return {
    status: 201,
    body: { ...viewDestination(destination, NEW), ...(revealed === null ? {} : { signing_secret: revealed }) },
    commit: async (alongside) => {
      await changeConfig(context.primary, [
        insertDestination(context.primary, destination),
        ...recordChange(request, "destination.created", null, destination),
        ...alongside,
      ]);
      context.caches.config.forget();
    },
  };
});
