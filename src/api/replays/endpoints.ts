import type { Resource } from "../endpoint.ts";
import { cancel } from "./cancel.ts";
import { create } from "./create.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

export const replays: Resource = { tag: "replays", description: null, endpoints: [list, create, get, cancel] };
