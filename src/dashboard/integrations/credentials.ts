import { queryOptions } from "@tanstack/react-query";
import type { IntegrationAuth } from "../../client/index.ts";

/** A secret of a response that set it. */
export type Credential = { readonly name: string; readonly value: string };

function credential(name: string, value: string | undefined): readonly Credential[] {
  return value === undefined ? [] : [{ name, value }];
}

/** Returns the secrets that an answer of the gateway shows; none in any other answer. */
export function credentialsOf(auth: IntegrationAuth): readonly Credential[] {
  switch (auth.type) {
    case "none":
      return [];
    case "token":
    case "bearer":
      return credential("Token", auth.token);
    case "basic":
      return credential("Password", auth.password);
    case "signature":
      return [...credential("Signing secret", auth.secret), ...credential("Verify token", auth.verify_token)];
  }
}

/** The word for the credential of an authentication, such as "token"; null without one. */
export function credentialWord(auth: IntegrationAuth): string | null {
  switch (auth.type) {
    case "none":
      return null;
    case "token":
    case "bearer":
      return "token";
    case "basic":
      return "password";
    case "signature":
      return "secret";
  }
}

/**
 * The authentication with the secret that this session was shown. It is in the memory of the page only: it is gone after a
 * reload, and signing out removes it.
 */
export function revealedQuery(id: string) {
  return queryOptions({
    queryKey: ["revealed", id],
    queryFn: (): Promise<IntegrationAuth | null> => Promise.resolve(null),
    enabled: false,
  });
}
