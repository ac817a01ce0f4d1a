import type { Env } from "../env.ts";
import type { Problem } from "../http/problem.ts";
import type { Isolate } from "../isolate.ts";
import type { Result } from "../model/result.ts";
import type { Statement } from "../storage/revision.ts";

/** An authenticated request, as the verbs see it. */
export type Call = {
  readonly env: Env;
  readonly isolate: Isolate;
  readonly method: string;
  readonly url: URL;
  /** The id in the path; empty where the path has none. */
  readonly id: string;
  /** Empty where the method takes no body. */
  readonly bodyText: string;
  readonly idempotencyKey: string | null;
};

/** What a verb answers. */
export type Answer = {
  readonly status: 200 | 201 | 204;
  readonly body: object | null;
  readonly replayed?: true;
  /** Does what the answer tells of, together with the given statements or not at all. */
  readonly commit?: (alongside: readonly Statement[]) => Promise<void>;
};

export type Verb = (call: Call) => Promise<Result<Answer, Problem>>;
