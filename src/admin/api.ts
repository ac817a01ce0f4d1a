import { Hono } from "hono";
import type { Env } from "../env.ts";
import { mountAlerts } from "./alerts.ts";
import { authenticate } from "./authenticate.ts";
import { mountDeliveries } from "./deliveries.ts";
import { mountDestinations } from "./destinations.ts";
import { mountEvents } from "./events.ts";
import { mountIntegrations } from "./integrations.ts";
import { unknownPath } from "./mount.ts";
import { mountRoutes } from "./routes.ts";
import { mountRuleSets } from "./rule-sets.ts";

/** The JSON API, to be mounted at /api/v1. */
export const adminRoutes = new Hono<{ Bindings: Env }>();

adminRoutes.use("*", authenticate);

mountIntegrations(adminRoutes);
mountDestinations(adminRoutes);
mountRoutes(adminRoutes);
mountEvents(adminRoutes);
mountAlerts(adminRoutes);
mountDeliveries(adminRoutes);
mountRuleSets(adminRoutes);

adminRoutes.all("*", unknownPath);
