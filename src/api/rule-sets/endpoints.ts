import type { Resource } from "../endpoint.ts";
import { list } from "./list.ts";

export const ruleSets: Resource = { tag: "rule-sets", description: null, endpoints: [list] };
