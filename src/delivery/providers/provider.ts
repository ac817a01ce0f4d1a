import type * as z from "zod/mini";
import type { Context } from "../../context.ts";
import type { BudgetSource } from "../../model/budget.ts";
import type { Destination, DestinationAuth, Method } from "../../model/destination.ts";
import type { Deliverable } from "../../model/envelope.ts";
import type { JsonObject } from "../../model/json.ts";
import { lazy } from "../../model/lazy.ts";
import type { FieldError } from "../../model/result.ts";
import type { AllowedUrl, UrlRules } from "../../net/url-guard.ts";
import type { Env } from "../../platform/bindings.ts";
import type { Body } from "../request/rendered-body.ts";
import type { Sent } from "../request/send.ts";

/** One attempt of a delivery. `body` is the same for every attempt. */
export type Outgoing = {
  readonly delivery_id: string;
  readonly destination: Destination;
  readonly event: Deliverable;
  readonly body: Body;
  /** Counts what the provider's own templates cost. */
  readonly work?: BudgetSource;
};

/** Delivers to one type of destination. */
export type Provider = {
  /**
   * Whether it sends HTTP requests. Only then a destination has a URL, a method, headers, credentials and a signature.
   */
  readonly is_http: boolean;
  /** Whether it signs what it sends, so that a destination has `signing`. */
  readonly is_signed: boolean;
  /** The only method of its requests, if a destination cannot choose one. */
  readonly method?: Method;
  /** The only type of credentials that it can use, if it needs some. */
  readonly auth?: DestinationAuth["type"];
  /** The schema of a destination's `options`, with the defaults. */
  readonly options: z.ZodMiniType<JsonObject>;
  /**
   * Returns why this gateway cannot have a destination with these options, such as a missing binding; null if it can. The
   * options are null before they are parsed.
   */
  readonly refuse: (env: Env, options: JsonObject | null) => FieldError | null;
  /** Returns why requests with these options cannot be sent to the endpoint; null if they can. Absent if options do not change the address. */
  readonly refuseAddress?: (endpoint: AllowedUrl, options: JsonObject, rules: UrlRules) => FieldError | null;
  /** Returns what receives the secrets of a destination. If a change alters it, the secrets must be given again. */
  readonly target: (destination: Pick<Destination, "url" | "options">) => string;
  /** Makes one attempt. A failure of the other side is data; the promise rejects only for faults of the gateway. */
  readonly deliver: (context: Context, outgoing: Outgoing) => Promise<Sent>;
};

/** Returns the result of an attempt for which nothing was sent. */
export function unsent(kind: "failed" | "refused" | "waiting" | "not_connected" | "lacking", error: string): Sent {
  return { outcome: { kind }, response_body: null, error, duration_ms: 0 };
}

type Definition<Options extends JsonObject> = {
  readonly is_signed?: boolean;
  readonly options: () => z.ZodMiniType<Options>;
  readonly refuse?: (env: Env, options: Options | null) => FieldError | null;
  readonly target: (options: Options) => string;
  readonly deliver: (context: Context, outgoing: Outgoing, options: Options) => Promise<Sent>;
};

/**
 * Returns a provider for destinations that have options instead of a URL. It works on the options as their schema
 * parses them.
 */
export function defineProvider<Options extends JsonObject>(definition: Definition<Options>): Provider {
  const schema = lazy(definition.options);
  const { is_signed = false, refuse, target, deliver } = definition;
  return {
    is_http: false,
    is_signed,
    get options() {
      return schema();
    },
    refuse: (env, options) => refuse?.(env, options === null ? null : schema().parse(options)) ?? null,
    target: ({ options }) => target(schema().parse(options)),
    async deliver(context, outgoing) {
      const options = schema().safeParse(outgoing.destination.options);
      if (!options.success) return unsent("refused", "The destination's options are not those of its type.");
      return await deliver(context, outgoing, options.data);
    },
  };
}
