import { type Application, createApplication } from "../net/application.ts";
import { mountAlerts } from "./alerts/alerts.ts";
import { authenticate } from "./authenticate.ts";
import { mountDeadLetters } from "./dead-letters/dead-letters.ts";
import { mountDeliveries } from "./deliveries/deliveries.ts";
import { mountDestinations } from "./destinations/destinations.ts";
import { mountEvents } from "./events/events.ts";
import { mountIntegrations } from "./integrations/integrations.ts";
import { unknownPath } from "./mount.ts";
import { mountOpenApi } from "./openapi/openapi.ts";
import { refuseOwnDeliveries } from "./own-deliveries.ts";
import { mountReplays } from "./replays/replays.ts";
import { mountReconciliation } from "./reconciliation/reconciliation.ts";
import { mountRoutes } from "./routes/routes.ts";
import { mountRuleSets } from "./rule-sets/rule-sets.ts";
import { mountTokens } from "./tokens/tokens.ts";

/** The JSON API, without the path that it is mounted at. */
export function createAdminRoutes(): Application {
  const app = createApplication();

  app.use("*", authenticate, refuseOwnDeliveries);

  mountIntegrations(app);
  mountDestinations(app);
  mountRoutes(app);
  mountEvents(app);
  mountAlerts(app);
  mountDeliveries(app);
  mountReplays(app);
  mountDeadLetters(app);
  mountReconciliation(app);
  mountRuleSets(app);
  mountOpenApi(app);
  mountTokens(app);

  app.all("*", unknownPath);
  return app;
}

/** The JSON API where it is served. */
export const adminApp = createApplication()
  .onError((error) => {
    throw error; // for the application around it to answer
  })
  .route("/api/v1", createAdminRoutes());
