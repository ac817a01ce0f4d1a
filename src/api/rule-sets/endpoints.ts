import type { Resource } from "../endpoint.ts";
import { detect } from "./detect.ts";
import { list } from "./list.ts";

export const ruleSets: Resource = { tag: "rule-sets", description: null, endpoints: [list, detect] };
