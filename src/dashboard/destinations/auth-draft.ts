import type { DestinationAuth, DestinationAuthInput } from "../../client/index.ts";

export const AUTH_TYPES = [
  "none",
  "basic",
  "bearer",
  "aws_sigv4",
  "oauth2_client_credentials",
  "oauth2_authorization_code",
] as const satisfies readonly DestinationAuth["type"][];

/** The authentication as its fields hold it. An empty secret keeps the stored one. */
export type AuthDraft = {
  readonly type: DestinationAuth["type"];
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly access_key_id: string;
  readonly secret_access_key: string;
  readonly session_token: string;
  readonly region: string;
  readonly service: string;
  readonly auth_url: string;
  readonly token_url: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly client_auth: "basic" | "post";
  readonly scope: string;
};

const EMPTY_AUTH: AuthDraft = {
  type: "none",
  username: "",
  password: "",
  token: "",
  access_key_id: "",
  secret_access_key: "",
  session_token: "",
  region: "us-east-1",
  service: "",
  auth_url: "",
  token_url: "",
  client_id: "",
  client_secret: "",
  client_auth: "basic",
  scope: "",
};

export function authDraftOf(auth: DestinationAuth): AuthDraft {
  switch (auth.type) {
    case "none":
    case "bearer":
      return { ...EMPTY_AUTH, type: auth.type };
    case "basic":
      return { ...EMPTY_AUTH, type: auth.type, username: auth.username };
    case "aws_sigv4": {
      const { type, access_key_id, region, service } = auth;
      return { ...EMPTY_AUTH, type, access_key_id, region, service: service ?? "" };
    }
    case "oauth2_client_credentials":
    case "oauth2_authorization_code": {
      const { type, token_url, client_id, client_auth, scope } = auth;
      const auth_url = auth.type === "oauth2_authorization_code" ? auth.auth_url : "";
      return { ...EMPTY_AUTH, type, token_url, client_id, client_auth, scope: scope ?? "", auth_url };
    }
  }
}

/** An empty draft of the first type that a product accepts. */
export function authDraftFor(types: readonly string[]): AuthDraft {
  return { ...EMPTY_AUTH, type: AUTH_TYPES.find((type) => type === types[0]) ?? "none" };
}

/** Returns what the API accepts. A secret that was not typed is left out, so that the stored one stays. */
export function authInputOf(draft: AuthDraft): DestinationAuthInput {
  const { username, password, token, auth_url, token_url, client_id, client_secret, client_auth } = draft;
  const scope = draft.scope.trim() === "" ? null : draft.scope.trim();
  const secret = client_secret === "" ? {} : { client_secret };
  switch (draft.type) {
    case "none":
      return { type: "none" };
    case "basic":
      return { type: "basic", username, ...(password === "" ? {} : { password }) };
    case "bearer":
      return { type: "bearer", ...(token === "" ? {} : { token }) };
    case "aws_sigv4": {
      const { type, access_key_id, region, secret_access_key, session_token } = draft;
      const service = draft.service.trim() === "" ? null : draft.service.trim();
      const key = secret_access_key === "" ? {} : { secret_access_key };
      const temporary = session_token === "" ? {} : { session_token };
      return { type, access_key_id: access_key_id.trim(), region: region.trim(), service, ...key, ...temporary };
    }
    case "oauth2_client_credentials":
      return { type: draft.type, token_url, client_id, client_auth, scope, ...secret };
    case "oauth2_authorization_code":
      return { type: draft.type, auth_url, token_url, client_id, client_auth, scope, ...secret };
  }
}
