import type { BrowserContext } from "playwright-core";
import type { Gateway } from "../../scripts/drive/gateway.mjs";

export type Scope = "read" | "write" | "admin";

const PROBLEM = { contentType: "application/problem+json" };

function problem(status: number, title: string): { status: number; contentType: string; body: string } {
  return { ...PROBLEM, status, body: JSON.stringify({ type: "about:blank", title, status, detail: title }) };
}

/** Answers for `/api/v1/sessions` in front of the gateway, and gives signed-in requests the token that a cookie stands for. */
export async function standInForSessions(
  context: BrowserContext,
  gateway: Gateway,
  scopes: readonly Scope[],
): Promise<void> {
  let isSignedIn = false;
  let guesses = 0;
  const token = scopes.includes("admin")
    ? gateway.adminToken
    : (await gateway.create("tokens", { name: "Reader", scopes })).token;
  await context.route("**/api/v1/**", async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (pathname === "/api/v1/sessions") {
      const given = request.postDataJSON().token;
      guesses += 1;
      if (guesses > 10)
        return route.fulfill({ ...problem(429, "Too many guesses."), headers: { "retry-after": "42" } });
      isSignedIn = given === token || given === gateway.adminToken;
      const session = { status: 201, contentType: "application/json", body: "{}" };
      return route.fulfill(isSignedIn ? session : problem(401, "The token is not valid."));
    }
    if (!isSignedIn) return route.fulfill(problem(401, "A session is required."));
    if (pathname !== "/api/v1/sessions/current") {
      return route.continue({ headers: { ...request.headers(), authorization: `Bearer ${token}` } });
    }
    if (request.method() === "DELETE") {
      isSignedIn = false;
      return route.fulfill({ status: 204 });
    }
    const current = { scopes, token: scopes.includes("admin") ? null : { name: "Reader" }, expires_at: null };
    return route.fulfill({ status: 200, contentType: "application/json", body: JSON.stringify(current) });
  });
}
