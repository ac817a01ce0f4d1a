import { updateToken } from "../../storage/config/tokens.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { refuseExpired, token, tokenChange, viewToken } from "./fields.ts";

export const update = endpoint({
  id: "tokens.update",
  method: "PATCH",
  path: "/tokens/{id}",
  scope: "admin",
  summary: "Update a token",
  body: jsonBody(tokenChange, { scopes: ["read"] }),
  answers: { 200: returns(token, "The updated token.") },
}).handle(async ({ context, id, body }) => {
  const refusal = refuseExpired(body.expires_at, context.clock());
  if (refusal !== null) return refusal;
  const updated = await updateToken(context.primary, id, {
    ...body,
    updated_at: new Date(context.clock()).toISOString(),
  });
  return updated === null ? notFound("token") : { status: 200, body: viewToken(updated) };
});
