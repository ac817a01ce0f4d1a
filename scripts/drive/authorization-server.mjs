import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { LocalServer } from "./local-server.mjs";

/**
 * The request that a code was issued for.
 * @typedef {{ redirect_uri: string, challenge: string }} Consent
 */

/** A token request that was answered: which grant it was, and with what status. @typedef {{ grant: string, status: number }} TokenRequest */

const random = () => randomBytes(24).toString("base64url");

/** @param {string} text */
const challengeOf = (text) => createHash("sha256").update(text).digest("base64url");

/** A minimal OAuth2 authorization server on this machine. Every user consents. Codes and refresh tokens are valid once. */
export class AuthorizationServer extends LocalServer {
  client = { id: `client-${random()}`, secret: random() };
  /** @type {TokenRequest[]} */
  tokenRequests = [];

  /** @type {Set<string>} */
  #accessTokens = new Set();
  /** @type {Set<string>} */
  #refreshTokens = new Set();
  /** @type {Map<string, Consent>} */
  #codes = new Map();

  constructor() {
    super((request, response) => this.#answer(request, response));
  }

  /** The `auth` of a destination by client credentials. */
  get clientCredentials() {
    return {
      type: "oauth2_client_credentials",
      token_url: `${this.origin}/token`,
      client_id: this.client.id,
      client_secret: this.client.secret,
    };
  }

  /** The `auth` of a destination by authorization code. */
  get authorizationCode() {
    return { ...this.clientCredentials, type: "oauth2_authorization_code", auth_url: `${this.origin}/authorize` };
  }

  /** Whether a request carries a token of ours that is good. @param {string} authorization */
  admits(authorization) {
    return this.#accessTokens.has(authorization.replace(/^Bearer /, ""));
  }

  /** Revokes all access tokens. */
  revoke() {
    this.#accessTokens.clear();
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #answer(request, response) {
    const url = new URL(request.url ?? "", this.origin);
    if (url.pathname === "/authorize") {
      this.#consent(url.searchParams, response);
      return;
    }
    const form = new URLSearchParams((await buffer(request)).toString());
    const granted = this.#isClient(request.headers.authorization ?? "") ? this.#grant(form) : null;
    const status = granted === null ? 400 : 200;
    this.tokenRequests.push({ grant: form.get("grant_type") ?? "", status });
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(granted ?? { error: "invalid_grant" }));
  }

  /**
   * @param {URLSearchParams} asked
   * @param {import("node:http").ServerResponse} response
   */
  #consent(asked, response) {
    const isOurs = asked.get("client_id") === this.client.id && asked.get("response_type") === "code";
    const challenge = asked.get("code_challenge_method") === "S256" ? asked.get("code_challenge") : null;
    const redirect_uri = asked.get("redirect_uri");
    if (!isOurs || challenge === null || redirect_uri === null) {
      response.writeHead(400).end();
      return;
    }
    const code = random();
    this.#codes.set(code, { redirect_uri, challenge });
    const back = new URL(redirect_uri);
    back.searchParams.set("code", code);
    back.searchParams.set("state", asked.get("state") ?? "");
    response.writeHead(302, { location: back.href }).end();
  }

  /** @param {string} authorization */
  #isClient(authorization) {
    const [, encoded = ""] = authorization.split("Basic ");
    const [id, secret] = Buffer.from(encoded, "base64").toString().split(":").map(decodeURIComponent); // RFC 6749, 2.3.1
    return id === this.client.id && secret === this.client.secret;
  }

  /** @param {URLSearchParams} form */
  #grant(form) {
    switch (form.get("grant_type") ?? "") {
      case "client_credentials":
        return this.#issue(false);
      case "refresh_token":
        return this.#refreshTokens.delete(form.get("refresh_token") ?? "") ? this.#issue(true) : null;
      case "authorization_code": {
        const code = form.get("code") ?? "";
        const consent = this.#codes.get(code);
        this.#codes.delete(code);
        const isRight =
          consent?.redirect_uri === form.get("redirect_uri") &&
          consent?.challenge === challengeOf(form.get("code_verifier") ?? "");
        return isRight ? this.#issue(true) : null;
      }
      default:
        return null;
    }
  }

  /** @param {boolean} withRefreshToken */
  #issue(withRefreshToken) {
    const access_token = random();
    this.#accessTokens.add(access_token);
    if (!withRefreshToken) return { access_token, token_type: "Bearer", expires_in: 3600 };
    const refresh_token = random();
    this.#refreshTokens.add(refresh_token);
    return { access_token, token_type: "Bearer", expires_in: 3600, refresh_token };
  }
}
