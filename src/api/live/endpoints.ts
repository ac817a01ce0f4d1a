import type { Resource } from "../endpoint.ts";
import { watch } from "./watch.ts";

export const live: Resource = { tag: "live", description: null, endpoints: [watch] };
