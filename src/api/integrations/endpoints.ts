import type { Resource } from "../endpoint.ts";
import { create } from "./create.ts";
import { remove } from "./delete.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { preview } from "./preview.ts";
import { rotateToken } from "./rotate-token.ts";
import { rotateUrl } from "./rotate-url.ts";
import { listRejections } from "./list-rejections.ts";
import { listSamples } from "./list-samples.ts";
import { update } from "./update.ts";

export const integrations: Resource = {
  tag: "integrations",
  description: null,
  endpoints: [list, create, get, update, remove, rotateToken, rotateUrl, preview, listSamples, listRejections],
};
