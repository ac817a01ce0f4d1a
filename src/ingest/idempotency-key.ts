/** By which header a sender says that it has sent something before, in the order they are looked at. */
export const REPEAT_HEADERS = ["idempotency-key", "webhook-id", "svix-id"] as const;
const MAX_VALUE = 256;

async function fold(value: string): Promise<string> {
  if (value.length <= MAX_VALUE) return value;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(value));
  return `sha256:${new Uint8Array(digest).toHex()}`;
}

/** What all sendings of one event have in common, or null where the sender does not say. */
export async function repeatKeyOf(headers: Headers, providerEventId: string | null): Promise<string | null> {
  for (const name of REPEAT_HEADERS) {
    const value = headers.get(name)?.trim() ?? "";
    if (value !== "") return `${name}:${await fold(value)}`;
  }
  return providerEventId === null ? null : `event:${await fold(providerEventId)}`;
}
