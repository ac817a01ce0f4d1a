import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";
import { createApplication } from "../net/application.ts";
import { problemResponse } from "../net/problem.ts";
import { contextOf } from "../context.ts";
import { CALLBACK_PATH } from "./authorize.ts";
import { completeAuthorization } from "./complete.ts";

/** The address to which an authorization server sends its user back. There is no session: the `state` is the credential. */
export const oauthRoutes = createApplication().onError((error) => {
  throw error; // The application around this one responds.
});

oauthRoutes.use(
  CALLBACK_PATH,
  secureHeaders({
    // The owner of the domain decides this: the header would bind all of its hosts.
    strictTransportSecurity: false,
    xFrameOptions: "DENY",
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  }),
);

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
  // A HEAD request, for example of a mail scanner, must not use up the state.
  if (c.req.method !== "GET") {
    return problemResponse({
      code: "method_not_allowed",
      title: "This address takes only GET.",
      headers: { allow: "GET" },
    });
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
    code: "authorization_failed",
    title: "The destination was not authorized.",
    detail: completed.error,
    headers: { "cache-control": "no-store" },
  });
});
