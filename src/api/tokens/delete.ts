import { deleteToken } from "../../storage/config/tokens.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

export const remove = endpoint({
  id: "tokens.delete",
  method: "DELETE",
  path: "/tokens/{id}",
  scope: "admin",
  summary: "Revoke a token",
  answers: DELETED,
}).handle(async ({ context, id }) =>
  (await deleteToken(context.primary, id)) ? { status: 204, body: null } : notFound("token"),
);
