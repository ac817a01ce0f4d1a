import type { Resource } from "../endpoint.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { retry } from "./retry.ts";

export const deliveries: Resource = { tag: "deliveries", description: null, endpoints: [list, get, retry] };
