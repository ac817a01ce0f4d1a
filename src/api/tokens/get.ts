import { findToken } from "../../storage/config/tokens.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { token, viewToken } from "./fields.ts";

export const get = endpoint({
  id: "tokens.get",
  method: "GET",
  path: "/tokens/{id}",
  scope: "admin",
  summary: "Get a token",
  answers: { 200: returns(token, "The token, without its secret.") },
}).handle(async ({ context, id }) => {
  const found = await findToken(context.primary, id);
  return found === null ? notFound("token") : { status: 200, body: viewToken(found) };
});
