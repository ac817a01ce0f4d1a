import type { Resource } from "../endpoint.ts";
import { search as get } from "./search.ts";

export const search: Resource = { tag: "search", description: null, endpoints: [get] };
