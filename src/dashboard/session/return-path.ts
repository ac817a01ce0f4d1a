/** Returns the page to show after signing in. An address of another site, which a link may carry, becomes the overview. */
export function returnPath(asked: string | undefined): string {
  if (asked === undefined || !asked.startsWith("/") || asked.startsWith("/login")) return "/";
  const here = "https://gateway.invalid";
  const url = URL.canParse(asked, here) ? new URL(asked, here) : null;
  return url?.origin === here ? url.pathname + url.search + url.hash : "/";
}
