import type { JsonObject } from "../../client/index.ts";
import type { Kind, Names } from "../names.ts";
import { field } from "../rows.ts";

const KINDS = ["integration", "destination", "route", "transformation"] as const satisfies readonly Kind[];

/** Whether a row has a key of a document: its `external_id`, its name, or its name with an id in brackets. */
function hasKey(row: JsonObject, key: string): boolean {
  const [id, name, own] = [field(row, "id"), field(row, "name"), field(row, "external_id")];
  return key === own || key === `${name} [${own === "" ? id : own}]` || (own === "" && key === name);
}

/** Which of the things that a plan deletes were made by hand: no document has ever named them. */
export async function deletedByHand(
  changes: readonly JsonObject[],
  names: Names,
): Promise<(change: JsonObject) => boolean> {
  const deletions = changes.filter((change) => field(change, "action") === "delete");
  const found = new Set<JsonObject>();
  for (const kind of KINDS) {
    const ofKind = deletions.filter((change) => field(change, "kind") === kind);
    const rows = ofKind.length === 0 ? [] : await names.rows(kind);
    for (const change of ofKind) {
      const row = rows.find((each) => hasKey(each, field(change, "name")));
      if (row !== undefined && row["managed_by"] === null) found.add(change);
    }
  }
  return (change) => found.has(change);
}
