import type { Event, Rejection } from "../../client/index.ts";

/** What arrived at an integration: an event, or requests of one minute that were refused for one reason. */
export type Arrival =
  | { readonly kind: "event"; readonly key: string; readonly at: string; readonly event: Event }
  | { readonly kind: "rejection"; readonly key: string; readonly at: string; readonly rejection: Rejection };

/** The minute of a rejection's time, in an ISO time. */
const MINUTE_LENGTH = "2026-01-01T00:00".length;

/** A row of rejections has no id: its minute, status and code are unique. */
function rejectionKey({ at, status, code }: Rejection): string {
  return `${at.slice(0, MINUTE_LENGTH)} ${status} ${code}`;
}

/** Returns events and rejections as one list, newest first. */
export function arrivalsOf(events: readonly Event[], rejections: readonly Rejection[]): readonly Arrival[] {
  const arrivals: readonly Arrival[] = [
    ...events.map((event): Arrival => ({ kind: "event", key: event.id, at: event.received_at, event })),
    ...rejections.map((rejection): Arrival => {
      return { kind: "rejection", key: rejectionKey(rejection), at: rejection.at, rejection };
    }),
  ];
  return arrivals.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

/** Returns the arrivals with these keys, in the order of the keys, as they are now. */
export function pick(arrivals: readonly Arrival[], keys: readonly string[]): readonly Arrival[] {
  const byKey = new Map(arrivals.map((arrival) => [arrival.key, arrival]));
  return keys.flatMap((key) => byKey.get(key) ?? []);
}

const REASONS: Readonly<Record<string, { readonly title: string; readonly hint: string }>> = {
  address_not_allowed: {
    title: "Address not allowed",
    hint: "The sender’s address is not on the list of allowed addresses. Add it in the settings, or allow every address.",
  },
  bad_credentials: {
    title: "Wrong credentials",
    hint: "The user name, password or bearer token is missing or wrong. Give the sender the right one, or rotate it.",
  },
  bad_signature: {
    title: "Wrong signature",
    hint: "The signature is missing, older than five minutes or made with another secret. Compare the secret with the sender’s.",
  },
  bad_token: {
    title: "Wrong token",
    hint: "The header with the token is missing or the token is wrong. Give the sender the right one, or rotate it.",
  },
  body_too_large: { title: "Body too large", hint: "The body has more than 10 MB." },
  disabled_integration: { title: "Disabled", hint: "The integration is disabled. Enable it to accept webhooks." },
  encoded_body: { title: "Unknown encoding", hint: "The body has a content encoding that cannot be undone here." },
  incomplete_body: { title: "Body cut off", hint: "The connection ended before the whole body had arrived." },
  invalid_body: { title: "Unexpected body", hint: "The body is not what a sender of this type sends." },
  invalid_request: { title: "Unreadable body", hint: "The body is empty or is not what its content type says." },
  method_not_allowed: { title: "Wrong method", hint: "Webhooks of this type are sent with POST." },
  own_delivery: {
    title: "Loop",
    hint: "The request is a delivery of this gateway, so accepting it would make a loop.",
  },
  query_too_long: { title: "Query too long", hint: "The query string is longer than the gateway accepts." },
  rate_limited: { title: "Over the rate limit", hint: "The sender sent more than the rate limit of this integration." },
};

/** Says why requests were refused, and what to do. A newer gateway may name reasons that this page does not know. */
export function rejectionReason(code: string): { readonly title: string; readonly hint: string | null } {
  return REASONS[code] ?? { title: code.replaceAll("_", " "), hint: null };
}
