import type { MiddlewareHandler } from "hono";
import { createApplication } from "./net/application.ts";
import { problemResponse } from "./net/problem.ts";
import { ingestRoutes } from "./ingest/routes.ts";
import { oauthRoutes } from "./oauth/callback.ts";
import { contextOf } from "./context.ts";
import { jwksResponse } from "./signing/jwks.ts";
import { describeError, logLine } from "./platform/log.ts";

const app = createApplication();

app.onError((error, c) => {
  logLine("error", "request.failed", {
    method: c.req.method,
    path: c.req.path,
    error: describeError(error),
  });
  return problemResponse({ status: 500, title: "The gateway failed to process this request." });
});
app.notFound(() => problemResponse({ status: 404, title: "There is nothing at this address." }));

// The Host header may be invalid, so that the address of a request is no URL. Ingest checks this itself, because a middleware
// would cost every webhook.
const withUrl: MiddlewareHandler = async (c, next) => {
  if (URL.canParse(c.req.url)) return next();
  return problemResponse({ status: 400, title: "The Host header is not a valid host." });
};
for (const path of ["/api/*", "/oauth/*", "/.well-known/*"]) app.use(path, withUrl);

app.get("/health", (c) => c.json({ status: "ok" }));
app.all("/api/v1/*", async (c) => {
  // The API is a chunk of its own, which isolates that only receive webhooks do not evaluate.
  const { apiApp } = await import("./api/api.ts");
  return apiApp.fetch(c.req.raw, c.env);
});
app.get("/.well-known/jwks.json", async (c) => jwksResponse(await contextOf(c.env).keys.gatewayKey()));
app.all("/.well-known/jwks.json", () =>
  problemResponse({ status: 405, title: "This address takes only GET, HEAD.", headers: { allow: "GET, HEAD" } }),
);
app.route("/", oauthRoutes);
app.route("/", ingestRoutes);

export { app };
