import type { Env } from "./platform/bindings.ts";
import { findAssets } from "./platform/bindings.ts";

/** Addresses that are never a page of the dashboard. */
const NOT_PAGES = /^\/(?:api|assets|docs|hooks|integration|mcp|oauth|\.well-known)(?:\/|$)/;

/** Files of the dashboard and of the documents. */
const FILES = /^\/(?:assets\/|docs(?:\/|$))/;

function acceptsHtml(headers: Headers): boolean {
  return headers.get("accept")?.includes("text/html") === true;
}

/**
 * Returns a file of the dashboard or the documents, or its page for an address that the browser's router knows. Returns null if the gateway has
 * no dashboard there. Cloudflare serves files before it calls the Worker; locally the Worker is called first.
 */
export async function dashboardResponse(request: Request, env: Env): Promise<Response | null> {
  const assets = findAssets(env);
  if (assets === null || !["GET", "HEAD"].includes(request.method) || !URL.canParse(request.url)) return null;
  const { pathname, origin } = new URL(request.url);
  const { method, headers } = request;
  const isPage = !NOT_PAGES.test(pathname);
  if (!isPage && !FILES.test(pathname)) return null;
  const file = await assets.fetch(new Request(`${origin}${pathname}`, { method, headers }));
  if (file.status !== 404) return file;
  if (!isPage || !acceptsHtml(headers)) return null;
  const page = await assets.fetch(new Request(`${origin}/`, { method }));
  return page.ok ? page : null;
}
