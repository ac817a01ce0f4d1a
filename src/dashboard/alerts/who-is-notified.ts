import type { Alert, Route } from "../../client/index.ts";

/** What a person does to an alert by hand. */
export type AlertAction = "acknowledge" | "resolve";

const EVENT_TYPES = { acknowledge: "alert.acknowledged", resolve: "alert.resolved" } as const satisfies Record<
  AlertAction,
  string
>;

type Target = Pick<Route, "enabled" | "integration_ids" | "event_types" | "destination_ids">;

/** Returns the destinations that the routes may notify of an action on an alert. Their filters are not evaluated. */
export function notifiedDestinations(
  action: AlertAction,
  { integration_id }: Pick<Alert, "integration_id">,
  routes: readonly Target[],
): readonly string[] {
  const taking = routes.filter(
    ({ enabled, integration_ids, event_types }) =>
      enabled &&
      (integration_ids === null || integration_ids.includes(integration_id)) &&
      (event_types === null || event_types.includes(EVENT_TYPES[action])),
  );
  return [...new Set(taking.flatMap(({ destination_ids }) => destination_ids))];
}
