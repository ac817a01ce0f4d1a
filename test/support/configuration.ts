import type { Destination } from "../../src/model/destination.ts";
import type { Route } from "../../src/model/route.ts";
import type { Transformation } from "../../src/model/transformation.ts";

const AT = "2026-11-01T00:00:00.000Z";

/** A route that takes everything to nobody. */
export function routeWith(changes: Partial<Route>): Route {
  return {
    id: "rte_1",
    name: "Route",
    enabled: true,
    integration_ids: null,
    event_types: null,
    match: null,
    destination_ids: [],
    group_window_seconds: 0,
    group_by: null,
    group_attributes: null,
    external_id: null,
    managed_by: null,
    created_at: AT,
    updated_at: AT,
    ...changes,
  };
}

/** A destination without a secret. */
export function destinationWith(changes: Partial<Destination>): Destination {
  return {
    id: "dst_0000000000000000000000000001",
    name: "Receiver",
    type: "webhook",
    url: "https://receiver.example.com/",
    forward_headers: [],
    method: "POST",
    headers: {},
    sealed_headers: {},
    auth: { type: "none" },
    signing: { scheme: "standard-webhooks" },
    signing_secrets: [],
    payload: { mode: "envelope" },
    transformation_id: null,
    requests: {},
    options: {},
    timeout_ms: 10_000,
    retry_schedule: null,
    rate_limit: null,
    max_concurrency: null,
    enabled: true,
    disabled_reason: null,
    external_id: null,
    managed_by: null,
    paused_at: null,
    created_at: AT,
    updated_at: AT,
    ...changes,
  };
}

/** A transformation that changes nothing. */
export function transformationWith(changes: Partial<Transformation>): Transformation {
  return {
    id: "trf_0000000000000000000000000001",
    name: "Transformation",
    version: 1,
    code: "export default (event) => event;\n",
    external_id: null,
    managed_by: null,
    created_at: AT,
    updated_at: AT,
    ...changes,
  };
}
