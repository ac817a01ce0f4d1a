import type * as z from "zod/mini";
import { cancelPending } from "../../delivery/attempts/cancel-pending.ts";
import { releaseSlots } from "../../delivery/attempts/resume.ts";
import type { Destination } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import {
  deleteDestination,
  findDestination,
  insertDestination,
  listDestinations,
  updateDestination,
} from "../../storage/destinations/destinations.ts";
import { noteRecovery } from "../../storage/destinations/health.ts";
import { changeConfiguration } from "../../storage/config/revision.ts";
import { parseBody } from "../body.ts";
import type { Call, Verb } from "../call.ts";
import { settleAuth } from "./auth.ts";
import { authorize } from "./authorize.ts";
import { destinationChange, destinationCreation } from "./fields.ts";
import { settleHeaders } from "./headers.ts";
import { namesPlace, settlePlace } from "./options.ts";
import { testByHand } from "./test.ts";
import { settlePayload } from "./payload.ts";
import { previewPayload } from "./preview.ts";
import { rotateSecret } from "./rotation.ts";
import { misledSecrets } from "./secrets.ts";
import { type SettledSigning, settleSigning } from "./signing.ts";
import { type DestinationStates, readStates, viewDestination } from "./view.ts";
import { mountDocuments } from "./documents.ts";
import { type AdminApp, mount } from "../mount.ts";
import { pageAnswer, parseListQuery } from "../list-query.ts";
import { notFound, refuseBody } from "../problems.ts";

const DEFAULT_TIMEOUT_MS = 10_000;
/** How often a change is tried again because others changed the same destination first. */
const MAX_ROUNDS = 5;
const DISABLED_BY_HAND = "disabled_by_hand";
/** There is no request to sign. */
const UNSIGNED: SettledSigning = { signing: { scheme: "none" }, signing_secrets: [], revealed: null };

const NEW: DestinationStates = { tokens: new Map(), failing: new Map() };

type Faults = Result<unknown, readonly FieldError[]>;

function faultsOf(...results: readonly Faults[]): readonly FieldError[] {
  return results.flatMap((result) => (result.ok ? [] : result.error));
}

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "dst", {});
  if (!query.ok) return query;
  const { page } = query.value;
  const destinations = await listDestinations(call.context.primary, page);
  const states = await readStates(call, destinations);
  return ok(pageAnswer(destinations, page.limit, (destination) => viewDestination(destination, states)));
};

const create: Verb = async (call) => {
  const body = parseBody(call.bodyText, destinationCreation);
  if (!body.ok) return body;
  const given = body.value;
  const { id, at_ms: atMs } = call.context.mint("dst");
  const at = new Date(atMs).toISOString();
  const type = given.type ?? "webhook";
  const place = settlePlace(call, type, given, null);
  const [auth, signing, payload] = await Promise.all([
    settleAuth(call, given.auth ?? { type: "none" }, id, null),
    type === "webhook" ? settleSigning(call, given.signing ?? { scheme: "standard-webhooks" }, id, null) : ok(UNSIGNED),
    settlePayload(call, given.payload ?? { mode: "envelope" }, id, null),
  ]);
  const headers = await settleHeaders(call, given.headers, given.auth?.type ?? "none", id, null);
  if (!place.ok || !headers.ok || !auth.ok || !signing.ok || !payload.ok) {
    return refuseBody(faultsOf(place, headers, auth, signing, payload));
  }
  const enabled = given.enabled ?? true;
  const destination: Destination = {
    id,
    name: given.name,
    type,
    ...place.value,
    method: given.method ?? "POST",
    headers: headers.value.headers ?? {},
    sealed_headers: headers.value.sealed_headers ?? {},
    auth: auth.value,
    signing: signing.value.signing,
    signing_secrets: signing.value.signing_secrets ?? [],
    payload: payload.value,
    timeout_ms: given.timeout_ms ?? DEFAULT_TIMEOUT_MS,
    retry_schedule: given.retry_schedule ?? null,
    rate_limit: given.rate_limit ?? null,
    max_concurrency: given.max_concurrency ?? null,
    enabled,
    disabled_reason: enabled ? null : DISABLED_BY_HAND,
    created_at: at,
    updated_at: at,
  };
  const { revealed } = signing.value;
  return ok({
    status: 201,
    body: { ...viewDestination(destination, NEW), ...(revealed === null ? {} : { signing_secret: revealed }) },
    commit: async (alongside) => {
      await changeConfiguration(call.context.primary, [
        insertDestination(call.context.primary, destination),
        ...alongside,
      ]);
      call.context.caches.config.forget();
    },
  });
};

const show: Verb = async (call) => {
  const destination = await findDestination(call.context.primary, call.id);
  if (destination === null) return notFound("destination");
  return ok({ status: 200, body: viewDestination(destination, await readStates(call, [destination])) });
};

/** Why a destination is off, after a change of `enabled`; undefined where that stays as it is. */
function reasonAfter(stored: Destination, enabled: boolean | undefined): string | null | undefined {
  if (enabled === undefined || (!enabled && !stored.enabled)) return undefined;
  return enabled ? null : DISABLED_BY_HAND;
}

type Given = z.output<typeof destinationChange>;

/** Changes a destination; null where somebody else did since it was read, so that nothing was changed. */
async function change(call: Call, stored: Destination, given: Given): Promise<Awaited<ReturnType<Verb>> | null> {
  if (given.type !== undefined && given.type !== stored.type) {
    return refuseBody([{ path: "type", message: "cannot be changed: make another destination" }]);
  }
  const isMoved = namesPlace(stored.type, given);
  const [auth, signing, payload] = await Promise.all([
    given.auth === undefined ? null : settleAuth(call, given.auth, stored.id, stored),
    given.signing === undefined ? null : settleSigning(call, given.signing, stored.id, stored),
    given.payload === undefined ? null : settlePayload(call, given.payload, stored.id, stored),
  ]);
  const place = isMoved ? settlePlace(call, stored.type, given, stored) : null;
  const authType = given.auth?.type ?? stored.auth.type;
  const headers = await settleHeaders(call, given.headers, authType, stored.id, stored);
  const faults = faultsOf(...[place, headers, auth, signing, payload].filter((result) => result !== null));
  if (faults.length > 0) return refuseBody(faults);
  const settled = signing?.ok === true ? signing.value : null;
  const reach = {
    ...(place?.ok === true ? place.value : {}),
    ...(headers.ok ? headers.value : {}),
    ...(auth?.ok === true ? { auth: auth.value } : {}),
    ...(payload?.ok === true ? { payload: payload.value } : {}),
  };
  const misled = misledSecrets(stored, { ...stored, ...reach }, given.auth);
  if (misled.length > 0) return refuseBody(misled);
  const changes = {
    name: given.name,
    ...reach,
    method: given.method,
    signing: settled?.signing,
    signing_secrets: settled?.signing_secrets,
    timeout_ms: given.timeout_ms,
    retry_schedule: given.retry_schedule,
    rate_limit: given.rate_limit,
    max_concurrency: given.max_concurrency,
    enabled: given.enabled,
    disabled_reason: reasonAfter(stored, given.enabled),
    updated_at: new Date().toISOString(),
  };
  const known = Object.keys(reach).length === 0 ? null : stored;
  const updated = await updateDestination(call.context.primary, stored.id, changes, known);
  call.context.caches.config.forget();
  if (updated === null) return null;
  // Whoever turns it on again or sends it elsewhere starts anew: what failed before says nothing of it now.
  if ((updated.enabled && !stored.enabled) || isMoved) {
    await noteRecovery(call.context.primary, stored.id);
    call.context.caches.health.learn(stored.id, undefined);
  }
  if (JSON.stringify(updated.rate_limit) !== JSON.stringify(stored.rate_limit))
    await releaseSlots(call.context, stored.id);
  if (!updated.enabled && stored.enabled) {
    await cancelPending(call.context, stored.id, "destination_disabled", Date.now());
  }
  return ok({
    status: 200,
    body: {
      ...viewDestination(updated, await readStates(call, [updated])),
      ...(settled === null || settled.revealed === null ? {} : { signing_secret: settled.revealed }),
    },
  });
}

const update: Verb = async (call) => {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const stored = await findDestination(call.context.primary, call.id);
    if (stored === null) return notFound("destination");
    const body = parseBody(call.bodyText, destinationChange);
    if (!body.ok) return body;
    const changed = await change(call, stored, body.value);
    if (changed !== null) return changed;
  }
  return fail({ status: 409, title: "The destination is being changed by others. Send it again." });
};

const remove: Verb = async (call) => {
  const deleted = await deleteDestination(call.context.primary, call.id, new Date().toISOString());
  call.context.caches.config.forget();
  if (deleted) await cancelPending(call.context, call.id, "destination_deleted", Date.now());
  return deleted ? ok({ status: 204, body: null }) : notFound("destination");
};

export function mountDestinations(app: AdminApp): void {
  mount(app, "/destinations", { GET: list, POST: create });
  mount(app, "/destinations/:id/rotate-secret", { POST: rotateSecret });
  mount(app, "/destinations/:id", { GET: show, PATCH: update, DELETE: remove });
  mount(app, "/destinations/:id/test", { POST: testByHand });
  mount(app, "/destinations/:id/authorize", { POST: authorize });
  mount(app, "/destinations/:id/preview", { POST: previewPayload });
  mountDocuments(app);
}
