import * as z from "zod/mini";
import type { Signal } from "../model/event.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { lazy } from "../model/lazy.ts";
import type { FieldError, Result } from "../model/result.ts";

/** A request as a source sees it: who sent it is settled, what it says is not. */
export type SourceRequest = {
  readonly method: string;
  /** Without the question mark, as it was sent. */
  readonly query: string;
  /** By lower-case name, credentials redacted. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body as text, its byte order mark kept; null where it is not valid UTF-8. */
  readonly text: string | null;
};

/** One thing that happened at the sender. */
export type SourceEvent = {
  readonly signal: Signal;
  /** The source's own word for what happened, such as `alert`, `error` or `test`. */
  readonly kind: string;
  readonly payload: Json;
  /** Whether the payload is just what the body says as JSON, so that it need not be kept twice. */
  readonly payload_is_body: boolean;
  /** The sender's own name of the event, where it has one: what it sends again carries the same. */
  readonly provider_event_id: string | null;
};

export type SourceContext = {
  readonly integration: { readonly id: string; readonly name: string; readonly type: string };
  /** The id of the event at a place in the list that is given back; the same at every call. */
  readonly eventIdAt: (index: number) => string;
};

/**
 * What a request says, or every field that is wrong with it. Pure: the same request always gives the same events.
 * No events: the request is accepted and there is nothing to keep of it.
 */
export type Interpreter = (
  request: SourceRequest,
  context: SourceContext,
) => Result<readonly SourceEvent[], readonly FieldError[]>;

/** Understands the requests of one type of integration. */
export type Source = {
  /** The methods that its address takes. */
  readonly methods: readonly ("POST" | "PUT" | "GET")[];
  /** What the integration's `options` may hold, with defaults for what is left out. */
  readonly options: z.ZodMiniType<JsonObject>;
  /** An interpreter for options that `options` has parsed; made once for an integration, so what is costly belongs here. */
  readonly prepare: (options: JsonObject) => Interpreter;
};

const MAX_MINUTES = 10_080;

/** How often an integration of any type expects an event, in minutes; null where it does not. */
export const expectEveryMinutes = lazy(() =>
  z._default(z.nullable(z.int().check(z.minimum(1), z.maximum(MAX_MINUTES))), null),
);

type Definition<Options extends JsonObject> = {
  readonly methods: Source["methods"];
  /** Made when it is first asked for. */
  readonly options: () => z.ZodMiniType<Options>;
  readonly prepare: (options: Options) => Interpreter;
};

/** A source whose interpreter works on its options as their schema parses them. */
export function defineSource<Options extends JsonObject>({ methods, options, prepare }: Definition<Options>): Source {
  const schema = lazy(options);
  return {
    methods,
    get options() {
      return schema();
    },
    prepare: (stored) => prepare(schema().parse(stored)),
  };
}
