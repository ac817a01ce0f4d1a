import { createApplication } from "./net/application.ts";
import { problemResponse } from "./net/problem.ts";
import { contextOf } from "./context.ts";
import { publicJwk } from "./crypto/gateway-key.ts";

/** How long a receiver may keep the keys, in seconds. */
const KEPT_SECONDS = 3_600;

/** The keys with which this gateway signs, as receivers look them up; to be mounted at the root. */
export const signingKeyRoutes = createApplication();

signingKeyRoutes.get("/.well-known/jwks.json", async (c) => {
  const { id, public_key } = await contextOf(c.env).keys.gatewayKey();
  const key = {
    ...publicJwk(public_key),
    kid: id,
    use: "sig",
    alg: "EdDSA",
    // The same key as Standard Webhooks' libraries take it.
    whpk: `whpk_${public_key.toBase64()}`,
  };
  return new Response(JSON.stringify({ keys: [key] }), {
    headers: { "content-type": "application/jwk-set+json", "cache-control": `public, max-age=${KEPT_SECONDS}` },
  });
});

signingKeyRoutes.all("/.well-known/jwks.json", () =>
  problemResponse({ status: 405, title: "This address takes only GET, HEAD.", headers: { allow: "GET, HEAD" } }),
);
