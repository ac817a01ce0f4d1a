import type { Resource } from "../endpoint.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

export const segments: Resource = { tag: "segments", description: null, endpoints: [list, get] };
