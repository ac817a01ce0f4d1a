import { type ApiApplication, createApiApplication } from "./application.ts";
import { authenticate } from "./authenticate.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { refuseOwnDeliveries } from "./own-deliveries.ts";
import { mountEndpoints, mountOpenEndpoints, unknownPath } from "./router.ts";

/** The JSON API, without the path that it is mounted at. */
export function createApiRoutes(): ApiApplication {
  const app = createApiApplication();
  app.use("*", refuseOwnDeliveries);
  mountOpenEndpoints(app, ENDPOINTS);
  app.use("*", authenticate);
  mountEndpoints(app, ENDPOINTS);

  app.all("*", unknownPath);
  return app;
}

/** The JSON API where it is served. */
export const apiApp: ApiApplication = createApiApplication()
  .onError((error) => {
    throw error; // The application around this one responds.
  })
  .route("/api/v1", createApiRoutes());
