import { cancelPending } from "../delivery/cancel-pending.ts";
import { checkUrl } from "../delivery/url-guard.ts";
import type { Destination, SealedSecret } from "../model/destination.ts";
import { type FieldError, ok } from "../model/result.ts";
import { generateSecret } from "../secrets/key-ring.ts";
import {
  deleteDestination,
  findDestination,
  insertDestination,
  listDestinations,
  updateDestination,
} from "../storage/destinations.ts";
import { changeConfiguration } from "../storage/revision.ts";
import { parseBody } from "./body.ts";
import type { Call, Verb } from "./call.ts";
import { destinationChange, destinationCreation } from "./destination-fields.ts";
import { type AdminApp, mount } from "./mount.ts";
import { pageAnswer, parseListQuery } from "./paging.ts";
import { notFound, refuseBody } from "./problems.ts";

const DEFAULT_TIMEOUT_MS = 10_000;
const DISABLED_BY_HAND = "disabled_by_hand";

function view({ signing_secrets: _sealed, ...destination }: Destination): object {
  return { ...destination, health: null };
}

function urlErrors(call: Call, url: string): readonly FieldError[] {
  const checked = checkUrl(url, {
    allowPrivate: call.isolate.settings.allow_private_destinations,
    ownHosts: [call.url.host],
  });
  return checked.ok ? [] : [{ path: "url", message: checked.error }];
}

async function sealed(call: Call, secret: string, id: string): Promise<readonly SealedSecret[]> {
  return [{ sealed: await call.isolate.keys.seal(secret, id), expires_at: null }];
}

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "dst", {});
  if (!query.ok) return query;
  const { page } = query.value;
  return ok(pageAnswer(await listDestinations(call.env.DB, page), page.limit, view));
};

const create: Verb = async (call) => {
  const body = parseBody(call.bodyText, destinationCreation);
  if (!body.ok) return body;
  const given = body.value;
  const faults = urlErrors(call, given.url);
  if (faults.length > 0) return refuseBody(faults);
  const { id, at_ms: atMs } = call.isolate.mint("dst");
  const at = new Date(atMs).toISOString();
  const secret = given.signing?.secret ?? generateSecret("whsec_");
  const enabled = given.enabled ?? true;
  const destination: Destination = {
    id,
    name: given.name,
    type: given.type ?? "webhook",
    url: given.url,
    method: "POST",
    headers: given.headers ?? {},
    auth: { type: "none" },
    signing: { scheme: "standard-webhooks" },
    signing_secrets: await sealed(call, secret, id),
    payload: given.payload ?? { mode: "envelope" },
    timeout_ms: given.timeout_ms ?? DEFAULT_TIMEOUT_MS,
    retry_schedule: given.retry_schedule ?? null,
    enabled,
    disabled_reason: enabled ? null : DISABLED_BY_HAND,
    created_at: at,
    updated_at: at,
  };
  return ok({
    status: 201,
    body: { ...view(destination), signing_secret: secret },
    commit: async (alongside) => {
      await changeConfiguration(call.env.DB, [insertDestination(call.env.DB, destination), ...alongside]);
      call.isolate.catalog.forget();
    },
  });
};

const show: Verb = async (call) => {
  const destination = await findDestination(call.env.DB, call.id);
  return destination === null ? notFound("destination") : ok({ status: 200, body: view(destination) });
};

/** Why a destination is off, after a change of `enabled`; undefined where that stays as it is. */
function reasonAfter(stored: Destination, enabled: boolean | undefined): string | null | undefined {
  if (enabled === undefined || (!enabled && !stored.enabled)) return undefined;
  return enabled ? null : DISABLED_BY_HAND;
}

const update: Verb = async (call) => {
  const stored = await findDestination(call.env.DB, call.id);
  if (stored === null) return notFound("destination");
  const body = parseBody(call.bodyText, destinationChange);
  if (!body.ok) return body;
  const given = body.value;
  const faults = given.url === undefined ? [] : urlErrors(call, given.url);
  if (faults.length > 0) return refuseBody(faults);
  const secret = given.signing?.secret;
  const updated = await updateDestination(call.env.DB, stored.id, {
    name: given.name,
    url: given.url,
    headers: given.headers,
    signing_secrets: secret === undefined ? undefined : await sealed(call, secret, stored.id),
    payload: given.payload,
    timeout_ms: given.timeout_ms,
    retry_schedule: given.retry_schedule,
    enabled: given.enabled,
    disabled_reason: reasonAfter(stored, given.enabled),
    updated_at: new Date().toISOString(),
  });
  call.isolate.catalog.forget();
  if (updated === null) return notFound("destination");
  if (!updated.enabled && stored.enabled) {
    await cancelPending(call.env.DB, stored.id, "destination_disabled", Date.now());
  }
  return ok({
    status: 200,
    body: { ...view(updated), ...(secret === undefined ? {} : { signing_secret: secret }) },
  });
};

const remove: Verb = async (call) => {
  const deleted = await deleteDestination(call.env.DB, call.id, new Date().toISOString());
  call.isolate.catalog.forget();
  if (deleted) await cancelPending(call.env.DB, call.id, "destination_deleted", Date.now());
  return deleted ? ok({ status: 204, body: null }) : notFound("destination");
};

export function mountDestinations(app: AdminApp): void {
  mount(app, "/destinations", { GET: list, POST: create });
  mount(app, "/destinations/:id", { GET: show, PATCH: update, DELETE: remove });
}
