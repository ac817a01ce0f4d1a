import * as z from "zod/mini";
import type { Destination } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { resolveNames } from "../../storage/config/external-ids.ts";
import { idOf } from "../schema.ts";

/** `transformation_id` in a request. */
export const acceptedReference = z
  .nullable(z.string().check(z.maxLength(100)))
  .check(z.describe("The id or `external_id` of a transformation; null for none."));

/** `transformation_id` in an answer. */
export const shownReference = z.nullable(idOf("trf"));

/** Returns the id of the transformation that a request names, null if it names none. An unknown name is an error. */
export async function resolveReference<Absent extends null | undefined>(
  db: PrimaryDatabase,
  given: string | Absent,
): Promise<Result<string | Absent, readonly FieldError[]>> {
  if (typeof given !== "string") return ok(given);
  const id = (await resolveNames(db, "trf", [given])).get(given);
  return id === undefined
    ? fail([{ path: "transformation_id", message: "is not the id of a transformation" }])
    : ok(id);
}

/** Returns why a destination cannot have its transformation. */
export function transformationFaults({
  payload,
  transformation_id,
}: Pick<Destination, "payload" | "transformation_id">): readonly FieldError[] {
  if (transformation_id === null || payload.mode !== "original") return [];
  const message = "must be null for the payload mode original, which sends the bytes that arrived";
  return [{ path: "transformation_id", message }];
}
