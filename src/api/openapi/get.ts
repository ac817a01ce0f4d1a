import * as z from "zod/mini";
import { endpoint, returns } from "../endpoint.ts";
import { anyJson, answerSchema } from "../schema.ts";

export const get = endpoint({
  id: "openapi.get",
  method: "GET",
  path: "/openapi.json",
  scope: "read",
  summary: "Get this document",
  answers: { 200: returns(answerSchema("OpenApi", z.record(z.string(), anyJson)), "An OpenAPI 3.1 document.") },
}).handle(async () => {
  const { default: document } = await import("./document.json", { with: { type: "json" } });
  return { status: 200, body: document };
});
