import { deleteToken, findToken } from "../../storage/config/tokens.ts";
import { recordChange } from "../audit/record.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

export const remove = endpoint({
  id: "tokens.delete",
  method: "DELETE",
  path: "/tokens/{id}",
  scope: "admin",
  summary: "Revoke a token",
  answers: DELETED,
}).handle(async (request) => {
  const { context, id } = request;
  const stored = await findToken(context.primary, id);
  if (stored === null) return notFound("token");
  const isDeleted = await deleteToken(context.primary, id, recordChange(request, "token.deleted", stored, null));
  return isDeleted ? { status: 204, body: null } : notFound("token");
});
