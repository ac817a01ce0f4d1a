import type * as z from "zod/mini";
import type { Scope } from "../model/token.ts";
import type { ApiRequest, ApiResponse, Commit, Outcome, Refusal } from "./request.ts";

// The one declaration of an endpoint: the router, authorization, idempotency and the OpenAPI document all read it.

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/** The parameters that a path may have, each with the form of its values. A path whose values have another form is 404. */
export const PATH_PARAMETERS = {
  id: /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/,
  /** May contain slashes, so it comes last in its path. */
  key: /^[^\p{Cc}]{1,1024}$/u,
} as const;
type PathParameters = { readonly [Name in keyof typeof PATH_PARAMETERS]: string };
type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** Query parameters by name. Each schema reads a text. The router refuses every other parameter. */
export type QueryShape = { readonly [name: string]: z.ZodMiniType };

export type JsonBody<Schema extends z.ZodMiniType = z.ZodMiniType> = {
  readonly kind: "json";
  readonly schema: Schema;
  /** Whether an empty body is refused; otherwise it means `{}`. */
  readonly is_required: boolean;
  readonly example?: z.input<Schema>;
};
/** Any bytes. The request is a sample of what a sender sends, so none of its headers is meant for the API. */
export type RawBody = { readonly kind: "raw"; readonly description: string };
export type BodyDeclaration = JsonBody | RawBody;

/** JSON, bytes of another media type, or nothing. */
export type AnswerDeclaration =
  | { readonly description: string; readonly schema: z.ZodMiniType }
  | { readonly description: string; readonly content_type: string }
  | { readonly description: string };
/** Answers by status, without the problems. */
export type AnswerDeclarations = { readonly [status: number]: AnswerDeclaration };

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** What the answers of a schema show. */
export type Shown<Schema extends z.ZodMiniType> = DeepReadonly<z.output<Schema>>;

type ResponseOf<Status, Declared> = Declared extends { readonly schema: infer Schema extends z.ZodMiniType }
  ? {
      readonly status: Status;
      readonly body: Shown<Schema>;
      readonly headers?: Readonly<Record<string, string>>;
      readonly commit?: Commit;
      readonly shows?: string;
    }
  : Declared extends { readonly content_type: string }
    ? { readonly status: Status; readonly body: ReadableStream; readonly headers: Readonly<Record<string, string>> }
    : { readonly status: Status; readonly body: null; readonly commit?: Commit; readonly web_socket?: WebSocket };

type ResponsesOf<Answers> = Extract<
  { [Status in keyof Answers]: ResponseOf<Status, Answers[Status]> }[keyof Answers],
  ApiResponse
>;

type ParsedQuery<Query> = [Query] extends [never]
  ? undefined
  : { readonly [Name in keyof Query]: Query[Name] extends z.ZodMiniType<infer Value> ? Value : never };
type ParsedBody<Body> = [Body] extends [never]
  ? undefined
  : Body extends { readonly schema: infer Schema extends z.ZodMiniType }
    ? z.output<Schema>
    : Uint8Array;

/** A request to one endpoint, parsed by its declaration. */
type EndpointRequest<Path extends string, Query, Body> = ApiRequest &
  Pick<PathParameters, NamesIn<Path> & keyof PathParameters> & {
    readonly query: ParsedQuery<Query>;
    readonly body: ParsedBody<Body>;
  };

type Handler<Path extends string, Query, Body, Answers> = (
  request: EndpointRequest<Path, Query, Body>,
) => Promise<ResponsesOf<Answers> | Refusal>;

type Description = {
  /** `<resource>.<verb>`: the operation's id, and the name of the client's function. It never changes. */
  readonly id: `${string}.${string}`;
  readonly method: Method;
  /** Below `/api/v1`; parameters are in braces: `/alerts/{id}`. */
  readonly path: `/${string}`;
  /** The scope that a token must have; null if the endpoint needs no token. */
  readonly scope: Scope | null;
  readonly summary: string;
  readonly description?: string;
  readonly query?: QueryShape;
  readonly body?: BodyDeclaration;
  readonly answers: AnswerDeclarations;
  /** Statuses of problems that do not follow from the other properties, each with its cause. */
  readonly problems?: Readonly<Record<number, string>>;
};

type Declaration<
  Path extends `/${string}`,
  Query extends QueryShape,
  Body extends BodyDeclaration,
  Answers extends AnswerDeclarations,
> = Omit<Description, "path" | "query" | "body" | "answers"> & {
  readonly path: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly answers: Answers;
};

const DECLARED = Symbol("declared");

/** A declared endpoint with its handler. Only `endpoint` makes one, and the router mounts nothing else. */
export type Endpoint = Description & {
  readonly [DECLARED]: true;
  // A method, so that TypeScript compares its parameter bivariantly: the router passes what the declared schemas returned.
  handler(request: ApiRequest & { readonly query: unknown; readonly body: unknown }): Promise<Outcome>;
};

/**
 * Declares an endpoint. `handle` takes its handler, whose request has the types of the declared path, query and body, and
 * which must return one of the declared answers or a refusal.
 */
export function endpoint<
  const Path extends `/${string}`,
  Answers extends AnswerDeclarations,
  Query extends QueryShape = never,
  Body extends BodyDeclaration = never,
>(
  declaration: Declaration<Path, Query, Body, Answers>,
): { readonly handle: (handler: Handler<Path, Query, Body, Answers>) => Endpoint } {
  return { handle: (handler) => ({ ...declaration, [DECLARED]: true, handler }) };
}

/** A body that must be a JSON object. */
export function jsonBody<Schema extends z.ZodMiniType>(schema: Schema, example: z.input<Schema>) {
  return { kind: "json", schema, is_required: true, example } as const;
}

/** A JSON object, or an empty body for `{}`. */
export function optionalJsonBody<Schema extends z.ZodMiniType>(schema: Schema) {
  return { kind: "json", schema, is_required: false } as const;
}

export function rawBody(description: string) {
  return { kind: "raw", description } as const;
}

/** An answer in JSON. */
export function returns<Schema extends z.ZodMiniType>(schema: Schema, description: string) {
  return { description, schema } as const;
}

/** The answer to a deletion. */
export const DELETED = { 204: { description: "Deleted." } } as const;

/** The endpoints of one resource, and how the OpenAPI document presents them. */
export type Resource = {
  readonly tag: string;
  /** Null if the tag says everything. */
  readonly description: string | null;
  readonly endpoints: readonly Endpoint[];
};

/** Whether the endpoint honours an `Idempotency-Key`. */
export function isIdempotent({ method, body, scope }: Pick<Description, "method" | "body" | "scope">): boolean {
  return method === "POST" && body?.kind !== "raw" && scope !== null;
}
