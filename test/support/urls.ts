import { type AllowedUrl, checkUrl } from "../../src/net/url-guard.ts";

/** Returns a public URL that the guard allows. */
export function allowedUrl(text: string): AllowedUrl {
  const checked = checkUrl(text, { allowPrivate: false, ownHosts: [] });
  if (!checked.ok) throw new Error(checked.error);
  return checked.value;
}
