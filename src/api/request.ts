import type { Context } from "../context.ts";
import type { Problem } from "../net/problem.ts";
import type { Statement } from "../storage/config/revision.ts";

/** Who makes a request: `admin` for the holder of `ADMIN_TOKEN`, else the id of an API token. */
export type Actor = string;

/** The part of an authorized request that is the same for all endpoints. */
export type ApiRequest = {
  readonly context: Context;
  readonly actor: Actor;
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
};

/** Makes the change that a response reports, in one transaction with the given statements. */
export type Commit = (alongside: readonly Statement[]) => Promise<void>;

export type ApiResponse = {
  readonly status: number;
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly commit?: Commit;
};
/** What a handler returns instead of a declared answer. */
export type Refusal = { readonly ok: false; readonly error: Problem };
export type Outcome = ApiResponse | Refusal;
