import type { Scope } from "../../model/token.ts";
import {
  type AnswerDeclarations,
  type BodyDeclaration,
  type Method,
  type QueryShape,
  type Resource,
  isIdempotent,
} from "../endpoint.ts";

/** An operation as the document describes it: a declared endpoint, or an address outside the API. */
export type Operation = {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  /** The scope that a token must have; null if the operation needs no token. */
  readonly scope: Scope | null;
  /** False if a session of a browser does not stand for a token. */
  readonly takes_sessions?: false;
  readonly summary: string;
  readonly description?: string;
  readonly query?: QueryShape;
  readonly body?: BodyDeclaration;
  readonly is_idempotent: boolean;
  readonly answers: AnswerDeclarations;
  readonly problems?: Readonly<Record<number, string>>;
};

/** The operations under one tag. */
export type Section = {
  readonly tag: string;
  readonly description: string | null;
  readonly operations: readonly Operation[];
};

/** A resource of the API as the document describes it. */
export function sectionOf({ tag, description, endpoints }: Resource): Section {
  const operations = endpoints.map((endpoint) => ({
    ...endpoint,
    path: `/api/v1${endpoint.path}`,
    is_idempotent: isIdempotent(endpoint),
  }));
  return { tag, description, operations };
}
