import type * as z from "zod/mini";
import type { Scope } from "../../model/token.ts";

// What the document says of the API, in one shape for all resources.

export type Method = "get" | "post" | "put" | "patch" | "delete";

export type Answer = {
  readonly description: string;
  /** What a JSON body is; null where there is none, or it is no JSON. */
  readonly schema: z.ZodMiniType | null;
  /** The media type of a body that is no JSON. */
  readonly content_type?: string;
};

export type Parameter = { readonly schema: z.ZodMiniType; readonly description?: string };

export type Operation = {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** The scope that a token needs; null where no token is needed. */
  readonly scope: Scope | null;
  readonly query?: Readonly<Record<string, Parameter>>;
  /** Whether it takes `limit` and `cursor`. */
  readonly is_paged?: true;
  /** A JSON body, or any bytes at all. */
  readonly body?: {
    readonly schema: z.ZodMiniType | "bytes";
    readonly is_required: boolean;
    readonly description?: string;
  };
  /** Whether an `Idempotency-Key` is honoured. */
  readonly is_idempotent?: true;
  /** By status, without the problems. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of problems beyond those that follow from the rest, and when they come. */
  readonly problems?: Readonly<Record<number, string>>;
};

export type Schemas = Readonly<Record<string, z.ZodMiniType>>;

/** A resource: its schemas by the names that the document gives them, and its operations. */
export type Section = {
  readonly tag: string;
  /** Where the tag does not say it. */
  readonly description?: string;
  /** Schemas that check requests. */
  readonly requests: Schemas;
  readonly answers: Schemas;
  readonly operations: readonly Operation[];
};

type Given = Pick<Operation, "id" | "path" | "summary"> & Partial<Operation>;

function ok(schema: z.ZodMiniType, description = "As it is now."): Operation["answers"] {
  return { 200: { description, schema } };
}

/** A `GET` that answers a page of rows. */
export function listing(schema: z.ZodMiniType, given: Given): Operation {
  const answers = ok(schema, "A page, newest first.");
  return { method: "get", scope: "read", is_paged: true, answers, ...given };
}

/** A `GET` that answers one thing. */
export function showing(schema: z.ZodMiniType, given: Given): Operation {
  return { method: "get", scope: "read", answers: ok(schema), ...given };
}

/** A `POST` that makes something. */
export function creating(body: z.ZodMiniType, schema: z.ZodMiniType, given: Given): Operation {
  return {
    method: "post",
    scope: "write",
    body: { schema: body, is_required: true },
    is_idempotent: true,
    answers: { 201: { description: "It was made.", schema } },
    ...given,
  };
}

/** A `PATCH` of the fields that are named. */
export function changing(body: z.ZodMiniType, schema: z.ZodMiniType, given: Given): Operation {
  return { method: "patch", scope: "write", body: { schema: body, is_required: true }, answers: ok(schema), ...given };
}

export function deleting(given: Given): Operation {
  const answers = { 204: { description: "It is gone.", schema: null } };
  return { method: "delete", scope: "write", answers, ...given };
}

/** A `POST` that does something; without `body`, whatever is sent is not looked at. */
export function acting(body: z.ZodMiniType | null, schema: z.ZodMiniType, given: Given): Operation {
  return {
    method: "post",
    scope: "write",
    ...(body === null ? {} : { body: { schema: body, is_required: false } }),
    is_idempotent: true,
    answers: ok(schema, "It was done."),
    ...given,
  };
}
