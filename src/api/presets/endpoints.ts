import type { Resource } from "../endpoint.ts";
import { list } from "./list.ts";

export const presets: Resource = { tag: "presets", description: null, endpoints: [list] };
