import type { Resource } from "../endpoint.ts";
import { create } from "./create.ts";
import { remove } from "./delete.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { update } from "./update.ts";

export const tokens: Resource = {
  tag: "tokens",
  description: "API tokens. The scope `write` includes `read`; `admin` includes both.",
  endpoints: [list, create, get, update, remove],
};
