import { findToken, updateToken } from "../../storage/config/tokens.ts";
import { recordChange, withChanges } from "../audit/record.ts";
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
}).handle(async (request) => {
  const { context, id, body } = request;
  const refusal = refuseExpired(body.expires_at, context.clock());
  if (refusal !== null) return refusal;
  const stored = await findToken(context.primary, id);
  if (stored === null) return notFound("token");
  const changes = { ...body, updated_at: new Date(context.clock()).toISOString() };
  const record = recordChange(request, "token.updated", stored, withChanges(stored, changes));
  const updated = await updateToken(context.primary, id, changes, record);
  return updated === null ? notFound("token") : { status: 200, body: viewToken(updated) };
});
