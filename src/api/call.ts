import type { Problem } from "../net/problem.ts";
import type { Context } from "../context.ts";
import type { Result } from "../model/result.ts";
import type { Statement } from "../storage/config/revision.ts";

/** An authenticated request, as the verbs see it. */
export type Call = {
  readonly context: Context;
  readonly method: string;
  readonly url: URL;
  /** The id in the path; empty where the path has none. */
  readonly id: string;
  readonly headers: Headers;
  /** Empty where the method takes no body, and where it is taken as bytes. */
  readonly bodyText: string;
  /** Empty where the body is not taken as bytes. */
  readonly bodyBytes: Uint8Array;
};

/** What a verb answers. */
export type Answer = {
  readonly status: 200 | 201 | 204;
  readonly body: object | null;
  /** Does what the answer tells of, together with the given statements or not at all. */
  readonly commit?: (alongside: readonly Statement[]) => Promise<void>;
};

export type Verb = (call: Call) => Promise<Result<Answer, Problem>>;
