import type { MiddlewareHandler } from "hono";
import { createApplication } from "./net/application.ts";
import { problemResponse } from "./net/problem.ts";
import { ingestRoutes } from "./ingest/routes.ts";
import { contextOf } from "./context.ts";
import { dashboardResponse } from "./dashboard-files.ts";
import { KeysUnavailableError } from "./crypto/keys-unavailable.ts";
import { jwksResponse } from "./signing/jwks.ts";
import { describeError, logLine } from "./platform/log.ts";

const app = createApplication();

/** Returns 503, so that senders repeat the request: neither they nor their credentials are at fault. */
function keysUnavailable({ fault, message }: KeysUnavailableError, path: string): Response {
  logLine("error", "keys.unavailable", { path, fault });
  const title = "The gateway cannot use its keys.";
  return problemResponse({ code: "keys_unavailable", title, detail: message, headers: { "retry-after": "5" } });
}

app.onError(async (error, c) => {
  if (error instanceof KeysUnavailableError) return keysUnavailable(error, c.req.path);
  logLine("error", "request.failed", {
    method: c.req.method,
    path: c.req.path,
    error: describeError(error),
  });
  const { installationProblem } = await import("./maintenance/readiness.ts");
  const fallback = { code: "internal_error", title: "The gateway failed to process this request." } as const;
  return problemResponse(installationProblem(c.env, error) ?? fallback);
});
app.notFound(async (c) => {
  const page = await dashboardResponse(c.req.raw, c.env);
  return page ?? problemResponse({ code: "unknown_path", title: "There is nothing at this address." });
});

// The Host header may be invalid, so that the address of a request is no URL. Ingest checks this itself, because a middleware
// would cost every webhook.
const withUrl: MiddlewareHandler = async (c, next) => {
  if (URL.canParse(c.req.url)) return next();
  return problemResponse({ code: "invalid_host", title: "The Host header is not a valid host." });
};
for (const path of ["/api/*", "/metrics", "/mcp", "/llms.txt", "/oauth/*", "/.well-known/*"]) app.use(path, withUrl);

app.get("/health", (c) => c.json({ status: "ok" }));
app.get("/ready", async (c) => {
  const { readinessResponse } = await import("./maintenance/readiness.ts");
  return await readinessResponse(c.env, Date.now());
});
app.all("/api/v1/*", async (c) => {
  // The API is a chunk of its own, which isolates that only receive webhooks do not evaluate.
  const { apiApp } = await import("./api/api.ts");
  return apiApp.fetch(c.req.raw, c.env);
});
app.get("/metrics", async (c) => {
  const { metricsApp } = await import("./api/metrics/prometheus.ts");
  return metricsApp.fetch(c.req.raw, c.env);
});
app.all("/oauth/callback", async (c) => {
  const { oauthRoutes } = await import("./oauth/callback.ts");
  return oauthRoutes.fetch(c.req.raw, c.env);
});
app.post("/mcp", async (c) => {
  const { mcpResponse } = await import("./mcp/mcp.ts");
  return await mcpResponse(c.req.raw, c.env);
});
app.get("/llms.txt", async (c) => {
  const { llmsTxt } = await import("./mcp/llms-txt.ts");
  return c.text(llmsTxt(new URL(c.req.url).origin), 200, { "cache-control": "public, max-age=3600" });
});
app.get("/.well-known/jwks.json", async (c) => {
  const { keys, clock } = contextOf(c.env);
  return jwksResponse(await keys.signingKeys(clock()));
});
app.get("/.well-known/hookgate-log", async (c) => {
  const { publishedLogResponse } = await import("./api/segments/published-log.ts");
  return await publishedLogResponse(contextOf(c.env));
});
const ONLY = {
  "/.well-known/hookgate-log": "GET, HEAD",
  "/.well-known/jwks.json": "GET, HEAD",
  "/health": "GET, HEAD",
  "/llms.txt": "GET, HEAD",
  "/metrics": "GET, HEAD",
  "/mcp": "POST",
  "/ready": "GET, HEAD",
};
for (const [path, allow] of Object.entries(ONLY)) {
  app.all(path, () =>
    problemResponse({ code: "method_not_allowed", title: `This address takes only ${allow}.`, headers: { allow } }),
  );
}
app.route("/", ingestRoutes);

export { app };
