import { findProvider } from "../../delivery/providers/registry.ts";
import type { Destination } from "../../model/destination.ts";
import type { FieldError } from "../../model/result.ts";

type Fitted = Pick<Destination, "type" | "url" | "auth" | "payload">;

/** Returns what a destination has that its type cannot use: other credentials, an address with a query, a preset. */
export function providerFaults({ type, url, auth, payload }: Fitted): readonly FieldError[] {
  const provider = findProvider(type);
  if (provider?.auth === undefined) return [];
  const faults: FieldError[] = [];
  if (auth.type !== provider.auth)
    faults.push({ path: "auth.type", message: `must be "${provider.auth}" for the type ${type}` });
  if (/[?#]/.test(url)) faults.push({ path: "url", message: "must be an endpoint without a query and a fragment" });
  if (payload.mode === "preset")
    faults.push({ path: "payload.mode", message: `cannot be "preset" for the type ${type}` });
  return faults;
}
