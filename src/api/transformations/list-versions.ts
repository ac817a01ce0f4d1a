import { findTransformation, listVersions as readVersions } from "../../storage/config/transformations.ts";
import { endpoint, returns } from "../endpoint.ts";
import { listResponse, pageQuery } from "../paging.ts";
import { notFound } from "../problems.ts";
import { versionList } from "./fields.ts";

export const listVersions = endpoint({
  id: "transformations.versions.list",
  method: "GET",
  path: "/transformations/{id}/versions",
  scope: "read",
  summary: "List the versions of a transformation",
  query: pageQuery(/^[1-9]\d{0,14}$/),
  answers: { 200: returns(versionList, "A page, newest first: the first row is the current code.") },
}).handle(async ({ context, id, query: { limit, cursor } }) => {
  const stored = await findTransformation(context.primary, id);
  if (stored === null) return notFound("transformation");
  const before = cursor === undefined ? null : Number(cursor);
  const rows = await readVersions(context.primary, id, { before, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return listResponse(shown, last === undefined ? null : String(last.version), (row) => row);
});
