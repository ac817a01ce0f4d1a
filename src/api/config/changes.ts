import * as z from "zod/mini";
import { answerSchema } from "../schema.ts";
import { ordered, toJson } from "./export.ts";

export const CONFIG_KINDS = ["integration", "destination", "route", "transformation"] as const;
export type ConfigKind = (typeof CONFIG_KINDS)[number];

const change = z.strictObject({
  action: z.enum(["create", "update", "delete"]),
  kind: z.enum(CONFIG_KINDS),
  name: z.string().check(z.describe("The key in the document.")),
  fields: z.array(z.string()).check(z.describe("The fields that are set or changed.")),
});

/** The answer to a document: what it changes, or has changed. */
export const configPlan = answerSchema(
  "ConfigPlan",
  z.strictObject({
    changes: z.array(change),
    dry_run: z.boolean(),
    revision: z
      .int()
      .check(z.describe("The revision of the configuration that the plan is for, or that the changes have made.")),
    secrets: z
      .optional(z.record(z.string(), z.string()))
      .check(z.describe("The secrets that were generated, by name. Only in this answer.")),
  }),
);

export type Change = z.output<typeof change>;

/** Columns that are no fields of a document, or that follow from others. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "id",
  "address",
  "shard",
  "managed_by",
  "disabled_reason",
  "version",
  "created_at",
  "updated_at",
]);

const FIELD_OF: ReadonlyMap<string, string> = new Map([
  ["sealed_headers", "headers"],
  ["signing_secrets", "signing"],
  ["integration_ids", "integrations"],
  ["destination_ids", "destinations"],
  ["transformation_id", "transformation"],
]);

function canonical(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(ordered(toJson(value)));
}

/** The fields of a document in which two stored states differ. */
export function changedFields(before: object, after: object): string[] {
  const known = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(after)
    .filter(([name, value]) => !LEFT_OUT.has(name) && canonical(value) !== canonical(known.get(name)))
    .map(([name]) => FIELD_OF.get(name) ?? name);
  return [...new Set(changed)].toSorted();
}
