import * as z from "zod/mini";
import { endpoint, returns } from "../endpoint.ts";
import { anyJson, answerSchema } from "../schema.ts";
import { buildConfigSchema } from "./schema.ts";

export const getSchema = endpoint({
  id: "config.schema",
  method: "GET",
  path: "/config.schema.json",
  scope: "read",
  summary: "Get the JSON Schema of the configuration document",
  description: "For editors: it describes what a file may have, as this version accepts it.",
  answers: { 200: returns(answerSchema("JsonSchema", z.record(z.string(), anyJson)), "A JSON Schema (2020-12).") },
}).handle(async () => {
  const { default: document } = await import("../openapi/document.json", { with: { type: "json" } });
  return { status: 200, body: buildConfigSchema(document.components.schemas) };
});
