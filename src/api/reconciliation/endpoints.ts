import type { Resource } from "../endpoint.ts";
import { get } from "./get.ts";

export const reconciliation: Resource = { tag: "reconciliation", description: null, endpoints: [get] };
