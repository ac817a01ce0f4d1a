import type { Resource } from "../endpoint.ts";
import { create } from "./create.ts";
import { remove } from "./delete.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { preview } from "./preview.ts";
import { update } from "./update.ts";

export const routes: Resource = {
  tag: "routes",
  description: null,
  endpoints: [list, create, get, update, remove, preview],
};
