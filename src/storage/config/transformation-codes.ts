import type { TransformationHead } from "../../model/transformation.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, text } from "../rows.ts";

// In a file of its own, because each isolate loads it before the first webhook is answered.

const READ_CODES = `
  SELECT kept.transformation_id AS id, kept.code AS code FROM json_each(?1) AS wanted
  JOIN transformation_versions AS kept
    ON kept.transformation_id = wanted.value->>'$[0]' AND kept.version = wanted.value->>'$[1]'`;

/** Returns the code of versions of transformations by their ids, without those that are not kept. */
export async function readCodes(
  db: PrimaryDatabase,
  heads: readonly TransformationHead[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = JSON.stringify(heads.map(({ id, version }) => [id, version]));
  const { results } = await db.prepare(READ_CODES).bind(wanted).all<Row>();
  return new Map(results.map((row) => [text(row, "id"), text(row, "code")]));
}
