import * as z from "zod/mini";
import { MAX_CODE_BYTES, MAX_VERSIONS } from "../../model/transformation.ts";
import { acceptedExternalId, shownNaming } from "../external-ids.ts";
import { name } from "../fields.ts";
import { pageOf } from "../paging.ts";
import { answerSchema, idOf, requestSchema, stamps, time } from "../schema.ts";

const encoder = new TextEncoder();

/** `code` in a request. Whether it is JavaScript is checked by running it. */
export const acceptedCode = z
  .string()
  .check(
    z.refine((text) => text.trim() !== "", "must not be blank"),
    z.refine((text) => text.isWellFormed() && !text.includes("\u0000"), "must not contain broken text"),
    z.refine(
      (text) => text.length <= MAX_CODE_BYTES && encoder.encode(text).byteLength <= MAX_CODE_BYTES,
      `must be at most ${MAX_CODE_BYTES} bytes long`,
    ),
  )
  .check(z.describe("A module in JavaScript whose default export is the function."));

/** The fields that requests may set. */
const accepted = z.strictObject({ name, external_id: acceptedExternalId, code: acceptedCode });
const { shape } = accepted;

export const transformationCreation = requestSchema(
  "TransformationCreation",
  z.strictObject({ ...shape, external_id: z._default(shape.external_id, null) }),
);
export const transformationChange = requestSchema("TransformationChange", z.partial(accepted));

const shown = z.strictObject({
  id: idOf("trf"),
  name: z.string(),
  ...shownNaming,
  code: z.string(),
  version: z.int().check(z.describe("1 for the first code; each change of the code increments it.")),
  ...stamps,
});

/** A transformation as the API shows it. */
export const transformation = answerSchema("Transformation", shown);
export const transformationList = pageOf("TransformationList", transformation);

/** A transformation by itself, with what passes it. */
export const wholeTransformation = answerSchema(
  "WholeTransformation",
  z.extend(shown, {
    integration_ids: z
      .array(idOf("int"))
      .check(z.describe("The integrations whose events pass it, at most 250 of them.")),
    destination_ids: z
      .array(idOf("dst"))
      .check(z.describe("The destinations whose payloads pass it, at most 250 of them.")),
  }),
);

const version = z.strictObject({
  version: z.int(),
  code: z.string(),
  created_at: time,
});
export const versionList = pageOf("TransformationVersionList", version);

export const rollbackRequest = requestSchema(
  "TransformationRollback",
  z.strictObject({
    version: z.int().check(z.minimum(1), z.describe(`One of the versions that are kept: the last ${MAX_VERSIONS}.`)),
  }),
);
