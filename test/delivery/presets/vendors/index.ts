import { DATA } from "./data.ts";
import { INCIDENTS } from "./incidents.ts";
import { MESSAGES } from "./messages.ts";
import { TICKETS } from "./tickets.ts";
import type { Vendor } from "./vendor.ts";

/** The vendors of the presets that are data, by the names of the presets. */
export const VENDORS: Readonly<Record<string, Vendor>> = { ...TICKETS, ...MESSAGES, ...INCIDENTS, ...DATA };
