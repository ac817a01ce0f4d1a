import type { Resource } from "../endpoint.ts";
import { erase } from "./erase.ts";
import { explain } from "./explain.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { replay } from "./replay.ts";

export const events: Resource = { tag: "events", description: null, endpoints: [list, get, explain, replay, erase] };
