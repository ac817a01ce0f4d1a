import { findTransformation, transformationUsers } from "../../storage/config/transformations.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { wholeTransformation } from "./fields.ts";

const MAX_USERS = 250;

export const get = endpoint({
  id: "transformations.get",
  method: "GET",
  path: "/transformations/{id}",
  scope: "read",
  summary: "Get a transformation",
  answers: { 200: returns(wholeTransformation, "The transformation, and what passes it.") },
}).handle(async ({ context, id }) => {
  const found = await findTransformation(context.primary, id);
  if (found === null) return notFound("transformation");
  return { status: 200, body: { ...found, ...(await transformationUsers(context.primary, id, MAX_USERS)) } };
});
