import { createRouter } from "@tanstack/react-router";
import { app, login, root } from "./addresses.ts";
import { alertAddresses } from "./alerts/addresses.ts";
import { queryClient, whenSessionIsLost } from "./api/query-client.ts";
import { deliveryAddresses } from "./deliveries/addresses.ts";
import { destinationAddress, destinationAddresses, newDestinationAddress } from "./destinations/addresses.ts";
import { eventAddresses } from "./events/addresses.ts";
import { integrationAddresses } from "./integrations/addresses.ts";
import { overviewAddresses } from "./overview/addresses.ts";
import { routeAddresses } from "./routes/addresses.ts";
import { settingsAddresses } from "./settings/addresses.ts";
import { transformationAddresses } from "./transformations/addresses.ts";
import { parseSearch, stringifySearch } from "./shell/search-params.ts";

// A page is loaded when it is first opened.

const routeTree = root.addChildren([
  login,
  app.addChildren([
    overviewAddresses,
    eventAddresses,
    deliveryAddresses,
    alertAddresses,
    ...integrationAddresses,
    destinationAddresses,
    newDestinationAddress,
    destinationAddress,
    ...routeAddresses,
    ...transformationAddresses,
    settingsAddresses,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queries: queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  scrollRestoration: true,
});

whenSessionIsLost(() => {
  const { pathname, href } = router.state.location;
  if (pathname === "/login") return;
  queryClient.clear();
  void router.navigate({ to: "/login", search: { return_to: href } });
});

declare module "@tanstack/react-router" {
  // The router documents this interface as the place for its type. An interface is what merges.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface Register {
    router: typeof router;
  }
}
