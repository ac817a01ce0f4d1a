import { env } from "cloudflare:workers";
import { type Reply, ORIGIN } from "./api.ts";
import { app } from "../../src/app.ts";

// The API as a browser calls it: with a cookie, and with the header `Origin`.

export type BrowserRequest = {
  readonly method?: string;
  readonly cookie?: string;
  /** Null for none; by default the gateway's own for methods that change something. */
  readonly origin?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Where the gateway is reached; by default over https. */
  readonly base?: string;
};

/** Makes a request as a browser does. `path` is below `/api/v1`. */
export async function browse(path: string, request: BrowserRequest = {}): Promise<Reply> {
  const { method = "GET", cookie, headers: more, body, base = ORIGIN } = request;
  const { origin = method === "GET" ? null : base } = request;
  const headers = new Headers({ "content-type": "application/json", ...more });
  if (cookie !== undefined) headers.set("cookie", cookie);
  if (origin !== null) headers.set("origin", origin);
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await app.request(`${base}/api/v1${path}`, init, env);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The cookie that a response sets, as a browser sends it back. Throws if it sets none. */
export function cookieIn({ headers, status, text }: Reply): string {
  const [cookie = ""] = (headers.get("set-cookie") ?? "").split(";");
  if (!cookie.startsWith("hookgate_session=")) throw new Error(`No cookie: ${status} ${text}`);
  return cookie;
}

/** Begins a session of a token, by default the administrator's. Returns its cookie. */
export async function signIn(token: string = env.ADMIN_TOKEN): Promise<string> {
  return cookieIn(await browse("/sessions", { method: "POST", body: { token } }));
}
