import type { Resource } from "../endpoint.ts";
import { get } from "./get.ts";

export const openapi: Resource = { tag: "openapi", description: null, endpoints: [get] };
