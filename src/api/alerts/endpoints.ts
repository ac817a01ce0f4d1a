import type { Resource } from "../endpoint.ts";
import { acknowledge, resolve } from "./act.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

export const alerts: Resource = { tag: "alerts", description: null, endpoints: [list, get, acknowledge, resolve] };
