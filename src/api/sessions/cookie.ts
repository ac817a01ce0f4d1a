import { serialize } from "hono/utils/cookie";
import { SESSION_SECRET } from "../../crypto/checksums.ts";
import { SESSION_IDLE_SECONDS } from "./lifetime.ts";

const NAME = "hookgate_session";
const TOKEN_ID = /^(?:admin|tok_[0-9A-Za-z]{1,60})$/;

/** A session as its cookie names it. The secret has the right form, and nothing else is known of it. */
export type CookieValue = { readonly token_id: string; readonly secret: string };

function valuesOf(header: string): readonly string[] {
  return header.split(";").flatMap((pair) => {
    const [name = "", ...value] = pair.split("=");
    return name.trim() === NAME ? [value.join("=").trim()] : [];
  });
}

/**
 * Returns the session that a request's cookie names, or null if there is none. A second cookie of this name comes from
 * another host of the domain, and may be an attacker's session: then none counts.
 */
export function readCookie(headers: Headers): CookieValue | null {
  const [value, ...others] = valuesOf(headers.get("cookie") ?? "");
  if (value === undefined || others.length > 0) return null;
  const [token_id = "", secret = "", ...rest] = value.split(".");
  if (rest.length > 0 || !TOKEN_ID.test(token_id) || !SESSION_SECRET.test(secret)) return null;
  return { token_id, secret };
}

function cookie(value: string, url: URL, maxAge: number): string {
  const secure = url.protocol === "https:";
  return serialize(NAME, value, { httpOnly: true, sameSite: "Strict", secure, path: "/", maxAge });
}

/** Returns the `Set-Cookie` header that gives a browser this session. `url` is that of the request. */
export function cookieFor({ token_id, secret }: CookieValue, url: URL): string {
  return cookie(`${token_id}.${secret}`, url, SESSION_IDLE_SECONDS);
}

/** Returns the `Set-Cookie` header that removes the cookie. */
export function noCookie(url: URL): string {
  return cookie("", url, 0);
}
