/** The addresses of all pages that need no id. */
export const PATHS = [
  "/",
  "/events",
  "/deliveries",
  "/alerts",
  "/integrations",
  "/integrations/new",
  "/destinations",
  "/destinations/new",
  "/destinations/new?preset=telegram",
  "/routes",
  "/routes/new",
  "/transformations",
  "/transformations/new",
  "/settings",
  "/settings/tokens",
  "/settings/audit",
  "/settings/reconciliation",
  "/settings/dead-letters",
  "/settings/config",
  "/settings/about",
] as const;

export type Ids = {
  readonly event: string;
  readonly alert: string;
  readonly route: string;
  readonly destination: string;
  readonly integration: string;
  readonly transformation: string;
};

/** The addresses of the pages of these objects, with all their tabs. */
export function pathsOf({ event, alert, route, destination, integration, transformation }: Ids): readonly string[] {
  return [
    `/events/${event}`,
    `/events/${event}?tab=headers`,
    `/routes/${route}`,
    `/routes/${route}?view=json`,
    `/routes/explain?event=${event}`,
    `/alerts/${alert}`,
    ...["", "?view=payload", "?view=requests", "?view=settings"].map((view) => `/destinations/${destination}${view}`),
    ...["", "?view=versions", "?view=runs"].map((view) => `/transformations/${transformation}${view}`),
    ...["", "?view=setup", "?view=preview", "?view=settings"].map((view) => `/integrations/${integration}${view}`),
  ];
}
