import type { Resource } from "../endpoint.ts";
import { create } from "./create.ts";

export const routePreviews: Resource = { tag: "route-previews", description: null, endpoints: [create] };
