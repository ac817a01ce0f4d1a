import type { Problem } from "../net/problem.ts";

/**
 * Refuses a request that a page of another origin made; null if it is acceptable. Browsers send `Origin` with every request
 * but `GET` and `HEAD`, and no page can change it.
 */
export function refuseOtherOrigin(headers: Headers, url: URL): Problem | null {
  const origin = headers.get("origin");
  if (origin === url.origin) return null;
  return {
    code: "origin_not_allowed",
    title: "A page of another origin made this request.",
    detail:
      origin === null
        ? `Send the header Origin: ${url.origin}, or use a token instead of a session.`
        : `The header Origin must be ${url.origin}.`,
  };
}
