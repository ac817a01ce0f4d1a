import { findPreset } from "../../delivery/presets/registry.ts";
import type { Destination } from "../../model/destination.ts";
import type { FieldError } from "../../model/result.ts";
import { checkUrl } from "../../net/url-guard.ts";

type Fitted = Pick<Destination, "url" | "payload" | "auth" | "headers" | "sealed_headers">;

/** Whether an address can only be reached by a gateway that allows private destinations: a stand-in for the product. */
function isPrivate(url: string): boolean {
  return !checkUrl(url, { allowPrivate: false, ownHosts: [] }).ok;
}

function hasAuthorization({ headers, sealed_headers }: Fitted): boolean {
  return [...Object.keys(headers), ...Object.keys(sealed_headers)].some(
    (name) => name.toLowerCase() === "authorization",
  );
}

/** Returns what a destination lacks for its preset: the address of the product, and the credentials that it asks for. */
export function presetFaults(destination: Fitted): readonly FieldError[] {
  const { url, payload, auth } = destination;
  const preset = payload.mode === "preset" ? findPreset(payload.preset) : null;
  if (preset === null || url === "") return [];
  const faults: FieldError[] = [];
  const { address, auth: needed } = preset;
  if (address !== undefined && !address.matches.test(url) && !isPrivate(url)) {
    faults.push({ path: "url", message: `must be ${address.must_be}, for the preset of ${preset.title}` });
  }
  if (needed !== undefined && !needed.types.includes(auth.type) && !hasAuthorization(destination)) {
    const types = needed.types.join(", ");
    faults.push({ path: "auth.type", message: `must be one of ${types}, for the preset of ${preset.title}` });
  }
  return faults;
}
