/** The pages in the order of the navigation. The name is the text of the link and the page's heading. */
export const PAGES = [
  { to: "/", name: "Overview" },
  { to: "/events", name: "Events" },
  { to: "/deliveries", name: "Deliveries" },
  { to: "/alerts", name: "Alerts" },
  { to: "/integrations", name: "Integrations" },
  { to: "/destinations", name: "Destinations" },
  { to: "/routes", name: "Routes" },
  { to: "/transformations", name: "Transformations" },
  { to: "/settings", name: "Settings" },
] as const;

export type PageName = (typeof PAGES)[number]["name"];
