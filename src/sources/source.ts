import type * as z from "zod";
import type { Signal } from "../model/event.ts";
import type { Json } from "../model/json.ts";
import type { FieldError, Result } from "../model/result.ts";

/** A request as a source sees it: who sent it is settled, what it says is not. */
export type SourceRequest = {
  readonly method: string;
  /** Without the question mark, as it was sent. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body as text, its byte order mark kept; null where it is not valid UTF-8. */
  readonly text: string | null;
};

/** One thing that happened at the sender. */
export type SourceEvent = {
  readonly signal: Signal;
  readonly payload: Json;
  /** Whether the payload is just what the body says as JSON, so that it need not be kept twice. */
  readonly payload_is_body: boolean;
  /** The sender's own name of the event, where it has one: what it sends again carries the same. */
  readonly provider_event_id: string | null;
};

export type SourceContext<Options> = {
  readonly integration_id: string;
  readonly options: Options;
  /** The id of the event at a place in the list that is given back; the same at every call. */
  readonly eventIdAt: (index: number) => string;
};

/** Understands the requests of one type of integration. Pure: the same request always gives the same events. */
export type Source<Options> = {
  /** What the integration's `options` may hold, with defaults for what is left out. */
  readonly options: z.ZodType<Options>;
  /** What a request says, or every field that is wrong with it. */
  normalize(
    request: SourceRequest,
    context: SourceContext<Options>,
  ): Result<readonly SourceEvent[], readonly FieldError[]>;
};
