import { type KeyRing, generateSecret } from "../../crypto/key-ring.ts";
import type { IntegrationAuth } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { GivenAuth, ResolvedAuth } from "./auth-fields.ts";
import { resolveSignature } from "./resolve-signature.ts";

export const DEFAULT_TOKEN_HEADER = "pagertree-token";

async function resolveBasic(
  keys: KeyRing,
  given: Extract<GivenAuth, { type: "basic" }>,
  stored: IntegrationAuth,
): Promise<Result<ResolvedAuth, readonly FieldError[]>> {
  const known = stored.type === "basic" ? stored : null;
  const username = given.username ?? known?.username;
  if (username === undefined) return fail([{ path: "auth.username", message: "is required" }]);
  if (given.password === undefined && known !== null) return ok({ auth: { ...known, username }, revealed: {} });
  const password = given.password ?? generateSecret("pwd_");
  return ok({
    auth: { type: "basic", username, password_hash: await keys.hashToken(password) },
    revealed: { password },
  });
}

/** Resolves `auth` of a request: a credential that it omits keeps its stored value or is generated. */
export async function resolveAuth(
  keys: KeyRing,
  given: GivenAuth,
  stored: IntegrationAuth,
  integrationId: string,
): Promise<Result<ResolvedAuth, readonly FieldError[]>> {
  switch (given.type) {
    case "none":
      return ok({ auth: { type: "none" }, revealed: {} });
    case "token": {
      const known = stored.type === "token" ? stored : null;
      const header = given.header ?? known?.header ?? DEFAULT_TOKEN_HEADER;
      if (given.token === undefined && known !== null) return ok({ auth: { ...known, header }, revealed: {} });
      const token = given.token ?? generateSecret("tok_");
      return ok({ auth: { type: "token", header, token_hash: await keys.hashToken(token) }, revealed: { token } });
    }
    case "basic":
      return await resolveBasic(keys, given, stored);
    case "bearer": {
      if (given.token === undefined && stored.type === "bearer") return ok({ auth: stored, revealed: {} });
      const token = given.token ?? generateSecret("tok_");
      return ok({ auth: { type: "bearer", token_hash: await keys.hashToken(token) }, revealed: { token } });
    }
    case "signature":
      return await resolveSignature(keys, given, stored, integrationId);
  }
}
