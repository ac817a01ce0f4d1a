import type { Resource } from "../endpoint.ts";
import { create } from "./create.ts";

export const transformationPreviews: Resource = {
  tag: "transformation-previews",
  description: null,
  endpoints: [create],
};
