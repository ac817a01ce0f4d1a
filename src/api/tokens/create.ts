import { generateToken } from "../../crypto/checksums.ts";
import type { ApiToken } from "../../model/token.ts";
import { insertToken } from "../../storage/config/tokens.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { refuseExpired, revealedToken, tokenCreation, viewToken } from "./fields.ts";

export const create = endpoint({
  id: "tokens.create",
  method: "POST",
  path: "/tokens",
  scope: "admin",
  summary: "Create a token",
  body: jsonBody(tokenCreation, { name: "deploy", scopes: ["write"] }),
  answers: { 201: returns(revealedToken, "Created.") },
}).handle(async (request) => {
  const { context, body } = request;
  const refusal = refuseExpired(body.expires_at, context.clock());
  if (refusal !== null) return refusal;
  const { keys, mint } = context;
  const { id, at_ms } = mint("tok");
  const at = new Date(at_ms).toISOString();
  const secret = await generateToken(keys);
  const token: ApiToken = { id, ...body, token_hash: await keys.hashToken(secret), created_at: at, updated_at: at };
  const record = recordChange(request, "token.created", null, token);
  return {
    status: 201,
    body: { ...viewToken(token), token: secret },
    commit: (alongside) => insertToken(context.primary, token, [...record, ...alongside]),
  };
});
