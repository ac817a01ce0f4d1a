import type { Resource } from "../endpoint.ts";
import { list } from "./list.ts";

export const audit: Resource = { tag: "audit", description: null, endpoints: [list] };
