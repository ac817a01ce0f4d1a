import type { Resource } from "../endpoint.ts";
import { get } from "./get.ts";

export const metrics: Resource = { tag: "metrics", description: null, endpoints: [get] };
