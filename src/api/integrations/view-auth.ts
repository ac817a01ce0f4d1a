import type { IntegrationAuth } from "../../model/integration-auth.ts";
import type { Shown } from "../endpoint.ts";
import type { RevealedCredentials, shownAuth } from "./auth-fields.ts";

function withoutCredentials(auth: Exclude<IntegrationAuth, { type: "none" }>) {
  switch (auth.type) {
    case "token":
      return { type: auth.type, header: auth.header };
    case "basic":
      return { type: auth.type, username: auth.username };
    case "bearer":
      return { type: auth.type };
    case "signature": {
      const { sealed_secret: _sealed, previous: _previous, verify_token_hash: _hash, ...settings } = auth;
      return settings;
    }
  }
}

/** Shows `auth` without credentials except the revealed ones. */
export function viewAuth(auth: IntegrationAuth, nowMs: number, revealed: RevealedCredentials): Shown<typeof shownAuth> {
  if (auth.type === "none") return { type: auth.type };
  const ends = (auth.previous ?? []).map(({ expires_at }) => expires_at).filter((at) => Date.parse(at) > nowMs);
  const last = ends.toSorted().at(-1);
  return {
    ...withoutCredentials(auth),
    ...(last === undefined ? {} : { previous_expires_at: last }),
    ...revealed,
  };
}
