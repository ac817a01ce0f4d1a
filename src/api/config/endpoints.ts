import type { Resource } from "../endpoint.ts";
import { getSchema } from "./get-schema.ts";
import { get } from "./get.ts";
import { put } from "./put.ts";

export const config: Resource = {
  tag: "config",
  description: "The configuration as one document, for files under version control.",
  endpoints: [get, put, getSchema],
};
