import { html } from "hono/html";
import { createApplication } from "../net/application.ts";
import { problemResponse } from "../net/problem.ts";
import { contextOf } from "../context.ts";
import { CALLBACK_PATH } from "./authorize.ts";
import { completeAuthorization } from "./complete.ts";

/** Where an authorization server sends its user back to. No session: the `state` is the credential. */
export const oauthRoutes = createApplication();

// `strict-transport-security` is for the owner of the domain to decide: it would bind all of its hosts.
const SECURITY_HEADERS = {
  "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
} as const;

oauthRoutes.use(CALLBACK_PATH, async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.res.headers.set(name, value);
});

function page(title: string, text: string) {
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      <h1>${title}</h1>
      <p>${text}</p>
    </html>`;
}

oauthRoutes.all(CALLBACK_PATH, async (c) => {
  // A HEAD request, of a mail scanner say, must not use the state up.
  if (c.req.method !== "GET") {
    return problemResponse({ status: 405, title: "This address takes only GET.", headers: { allow: "GET" } });
  }
  c.header("cache-control", "no-store");
  const completed = await completeAuthorization(contextOf(c.env), new URL(c.req.url));
  if (completed.ok) {
    return c.html(page("Authorized", `The destination “${completed.value}” is authorized. You can close this page.`));
  }
  if ((c.req.header("accept") ?? "").includes("text/html")) {
    return c.html(page("Not authorized", completed.error), 400);
  }
  return problemResponse({
    status: 400,
    title: "The destination was not authorized.",
    detail: completed.error,
    headers: { "cache-control": "no-store" },
  });
});
