import type { Integration } from "../../model/integration.ts";
import type { Call } from "../call.ts";
import { showAuth } from "./auth.ts";
import { showResponse } from "./fields.ts";

/** An integration as it is shown. `revealed` is what of its `auth` is shown this once. */
export function view(
  call: Call,
  { id, auth, response, address, ...integration }: Integration,
  revealed: Readonly<Record<string, string>> = {},
): object {
  return {
    id,
    ...integration,
    url: `${call.url.origin}/integration/${address ?? id}`,
    auth: { ...showAuth(auth, Date.now()), ...revealed },
    response: showResponse(response),
  };
}

/** To be called after a change, so that it is in force in this isolate. */
export function forget(call: Call, id: string): void {
  call.context.caches.integrations.forget(id);
  call.context.caches.config.forget();
}
