export const SCOPES = ["read", "write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** The scopes that each scope includes. */
const ALLOWS = {
  read: ["read"],
  write: ["read", "write"],
  admin: ["read", "write", "admin"],
} as const satisfies Record<Scope, readonly Scope[]>;

/** Returns whether scopes include a needed one. */
export function isAllowed(held: readonly Scope[], needed: Scope): boolean {
  return held.some((scope) => ALLOWS[scope].some((allowed) => allowed === needed));
}

/** An API token as it is stored: without the token itself. */
export type ApiToken = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly token_hash: string;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

/** Whether an API token has ended. */
export function hasExpired({ expires_at }: ApiToken, nowMs: number): boolean {
  return expires_at !== null && Date.parse(expires_at) <= nowMs;
}
