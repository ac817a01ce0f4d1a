import type { Resource } from "../endpoint.ts";
import { remove } from "./delete.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { replay } from "./replay.ts";

export const deadLetters: Resource = {
  tag: "dead-letters",
  description: "Messages that the gateway itself could not process. Failed deliveries are under `deliveries`.",
  endpoints: [list, get, remove, replay],
};
