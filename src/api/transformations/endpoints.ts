import type { Resource } from "../endpoint.ts";
import { create } from "./create.ts";
import { remove } from "./delete.ts";
import { get } from "./get.ts";
import { listRuns } from "./list-runs.ts";
import { listVersions } from "./list-versions.ts";
import { list } from "./list.ts";
import { preview } from "./preview.ts";
import { replay } from "./replay.ts";
import { rollback } from "./rollback.ts";
import { update } from "./update.ts";

export const transformations: Resource = {
  tag: "transformations",
  description: null,
  endpoints: [list, create, get, update, remove, listVersions, listRuns, rollback, replay, preview],
};
