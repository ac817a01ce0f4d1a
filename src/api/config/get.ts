import { fail } from "../../model/result.ts";
import { readWholeConfig } from "../../storage/config/document.ts";
import { endpoint, returns } from "../endpoint.ts";
import type { Refusal } from "../request.ts";
import { MAX_CONFIG_BYTES, MAX_THINGS, configDocument } from "./document.ts";
import { exportConfig } from "./export.ts";

export const LIMITS = { max_things: MAX_THINGS, max_bytes: MAX_CONFIG_BYTES };

export function refuseLarge(): Refusal {
  return fail({
    code: "config_too_large",
    title: "The configuration is too large for one document.",
    detail: `A document has at most ${MAX_THINGS} integrations, ${MAX_THINGS} destinations, ${MAX_THINGS} routes and ${MAX_THINGS} transformations, and 8 MB in all. Use their own endpoints.`,
  });
}

/** The revision as an entity tag. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

export const get = endpoint({
  id: "config.get",
  method: "GET",
  path: "/config",
  scope: "read",
  summary: "Get the configuration as one document",
  description:
    "It contains no secret, and no field that has its default. `ETag` is the revision of the configuration, for `If-Match` of a later `PUT`.",
  answers: { 200: returns(configDocument, "The document.") },
  problems: { 409: "The configuration is too large for one document." },
}).handle(async ({ context }) => {
  const config = await readWholeConfig(context.primary, LIMITS);
  if (config === null) return refuseLarge();
  return { status: 200, body: exportConfig(config), headers: { etag: etagOf(config.revision) } };
});
