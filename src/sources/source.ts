import * as z from "zod/mini";
import type { Signal } from "../model/event.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { lazy } from "../model/lazy.ts";
import type { FieldError, Result } from "../model/result.ts";

/** A request for a source. The sender is authenticated; the content is not checked. */
export type SourceRequest = {
  readonly method: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  /** By name in lower case. Credentials are redacted. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /**
   * The body as text with its byte order mark, in the encoding that it or its content type names, or else in UTF-8; null if it
   * cannot be decoded.
   */
  readonly text: string | null;
  /** True if the body is `text` in UTF-8. */
  readonly is_utf8: boolean;
};

/** One event at the sender. */
export type SourceEvent = {
  readonly signal: Signal;
  /** True if the sender's user tried the connection out. Such an event opens no alert. */
  readonly test?: true;
  /** The source's own word for the event, such as `alert`, `error` or `test`. */
  readonly kind: string;
  readonly payload: Json;
  /** True if the payload is the JSON of the body, so that it is not stored twice. */
  readonly payload_is_body: boolean;
  /** The sender's own id of the event, which is the same in every repeat; null if the sender gives none. */
  readonly provider_event_id: string | null;
  /** True if the id is of this event alone, and not of the request that it came in with others. */
  readonly has_own_id?: true;
};

export type SourceContext = {
  readonly integration: { readonly id: string; readonly name: string; readonly type: string };
  /** Returns the id of the event at an index of the result; the same at every call. */
  readonly eventIdAt: (index: number) => string;
};

/**
 * Returns the events of a request, or an error for each wrong field. It is pure: the same request always gives the same
 * events. No events means that the request is accepted and nothing of it is stored.
 */
export type Interpreter = ((request: SourceRequest, context: SourceContext) => Interpretation) & {
  /**
   * The same in pieces, if it can be costly: yields between them the units of work that the request has taken so far, so that
   * other requests can run.
   */
  readonly inSteps?: (request: SourceRequest, context: SourceContext) => Generator<number, Interpretation>;
};

export type Interpretation = Result<readonly SourceEvent[], readonly FieldError[]>;

/** Interprets the requests of one type of integration. */
export type Source = {
  /** The HTTP methods that an integration of this type accepts. */
  readonly methods: readonly ("POST" | "PUT" | "GET")[];
  /** The schema of an integration's `options`, with the defaults. `optionsOf` has what is checked when they are saved. */
  readonly options: z.ZodMiniType<JsonObject>;
  /**
   * Returns an interpreter for parsed options. It is called once for an integration, so that costly preparation belongs
   * here.
   */
  readonly prepare: (options: JsonObject) => Interpreter | Promise<Interpreter>;
};

const MAX_MINUTES = 10_080;

/** How often an integration expects an event, in minutes; null if it expects none. */
export const expectEveryMinutes = lazy(() =>
  z._default(z.nullable(z.int().check(z.minimum(1), z.maximum(MAX_MINUTES))), null),
);

type Definition<Options extends JsonObject> = {
  readonly methods: Source["methods"];
  readonly options: () => z.ZodMiniType<Options>;
  readonly prepare: (options: Options) => Interpreter;
};

/** A source that prepares its interpreter without loading anything. */
export type DefinedSource = Omit<Source, "prepare"> & { readonly prepare: (options: JsonObject) => Interpreter };

/** Returns a source whose interpreter gets its options as their schema parses them. */
export function defineSource<Options extends JsonObject>({
  methods,
  options,
  prepare,
}: Definition<Options>): DefinedSource {
  const schema = lazy(options);
  return {
    methods,
    get options() {
      return schema();
    },
    prepare: (stored) => prepare(schema().parse(stored)),
  };
}
