import type { IntegrationAuth } from "../model/integration.ts";
import type { KeyRing } from "../secrets/key-ring.ts";

/** Whether a sender is who the integration takes webhooks from. */
export async function authenticate(auth: IntegrationAuth, headers: Headers, keys: KeyRing): Promise<boolean> {
  switch (auth.type) {
    case "none":
      return true;
    case "token": {
      const token = headers.get(auth.header) ?? "";
      return token !== "" && (await keys.tokenMatches(token, auth.token_hash));
    }
  }
}
