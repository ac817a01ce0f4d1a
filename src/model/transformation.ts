import type { ManagedBy } from "./managed-by.ts";

/** The most bytes of a transformation's code in UTF-8. A page of 250 of them must fit into the memory of an isolate. */
export const MAX_CODE_BYTES = 65_536;
/** The versions of a transformation that are kept, the current one among them. */
export const MAX_VERSIONS = 50;

/** A module in JavaScript whose default export an event or a payload passes. */
export type Transformation = {
  readonly id: string;
  readonly name: string;
  /** 1 for the first code. Each change of the code increments it. */
  readonly version: number;
  readonly code: string;
  /** The name that API clients gave it, unique among transformations. */
  readonly external_id: string | null;
  readonly managed_by: ManagedBy | null;
  readonly created_at: string;
  readonly updated_at: string;
};

/** The code of a transformation as it was or is. A version never changes. */
export type TransformationVersion = Pick<Transformation, "version" | "code" | "created_at">;

/** A transformation without its code, which may be large. */
export type TransformationHead = Pick<Transformation, "id" | "name" | "version">;

/** A transformation as a runner needs it. */
export type RunnableTransformation = TransformationHead & Pick<Transformation, "code">;
