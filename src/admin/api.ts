import { Hono } from "hono";
import type { Env } from "../env.ts";
import { mountAlerts } from "./alerts.ts";
import { authenticate } from "./authenticate.ts";
import { mountDeadLetters } from "./dead-letters.ts";
import { mountDeliveries } from "./deliveries.ts";
import { mountDestinations } from "./destinations.ts";
import { mountEvents } from "./events.ts";
import { mountIntegrations } from "./integrations.ts";
import { unknownPath } from "./mount.ts";
import { mountOpenApi } from "./openapi.ts";
import { refuseOwnDeliveries } from "./own-deliveries.ts";
import { mountReplays } from "./replays.ts";
import { mountReconciliation } from "./reconciliation.ts";
import { mountRoutes } from "./routes.ts";
import { mountRuleSets } from "./rule-sets.ts";
import { mountTokens } from "./tokens.ts";

/** The JSON API, to be mounted at /api/v1. */
export const adminRoutes = new Hono<{ Bindings: Env }>();

adminRoutes.use("*", authenticate, refuseOwnDeliveries);

mountIntegrations(adminRoutes);
mountDestinations(adminRoutes);
mountRoutes(adminRoutes);
mountEvents(adminRoutes);
mountAlerts(adminRoutes);
mountDeliveries(adminRoutes);
mountReplays(adminRoutes);
mountDeadLetters(adminRoutes);
mountReconciliation(adminRoutes);
mountRuleSets(adminRoutes);
mountOpenApi(adminRoutes);
mountTokens(adminRoutes);

adminRoutes.all("*", unknownPath);
