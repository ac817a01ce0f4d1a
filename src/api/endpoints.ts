import type { Endpoint, Resource } from "./endpoint.ts";
import { alerts } from "./alerts/endpoints.ts";
import { audit } from "./audit/endpoints.ts";
import { config } from "./config/endpoints.ts";
import { deadLetters } from "./dead-letters/endpoints.ts";
import { deliveries } from "./deliveries/endpoints.ts";
import { destinations } from "./destinations/endpoints.ts";
import { events } from "./events/endpoints.ts";
import { integrations } from "./integrations/endpoints.ts";
import { keys } from "./keys/endpoints.ts";
import { live } from "./live/endpoints.ts";
import { metrics } from "./metrics/endpoints.ts";
import { openapi } from "./openapi/endpoints.ts";
import { presets } from "./presets/endpoints.ts";
import { reconciliation } from "./reconciliation/endpoints.ts";
import { replays } from "./replays/endpoints.ts";
import { routePreviews } from "./route-previews/endpoints.ts";
import { routes } from "./routes/endpoints.ts";
import { ruleSets } from "./rule-sets/endpoints.ts";
import { segments } from "./segments/endpoints.ts";
import { sessions } from "./sessions/endpoints.ts";
import { search } from "./search/endpoints.ts";
import { transformationPreviews } from "./transformation-previews/endpoints.ts";
import { transformations } from "./transformations/endpoints.ts";
import { tokens } from "./tokens/endpoints.ts";

/** Every resource of the API, in the order of the OpenAPI document. */
export const RESOURCES: readonly Resource[] = [
  integrations,
  destinations,
  routes,
  routePreviews,
  transformations,
  transformationPreviews,
  events,
  alerts,
  deliveries,
  replays,
  search,
  segments,
  live,
  deadLetters,
  tokens,
  sessions,
  ruleSets,
  presets,
  reconciliation,
  metrics,
  keys,
  audit,
  config,
  openapi,
];

export const ENDPOINTS: readonly Endpoint[] = RESOURCES.flatMap(({ endpoints }) => endpoints);
