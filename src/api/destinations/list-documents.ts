import * as z from "zod/mini";
import { documentsBucket } from "../../platform/bindings.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { listDocuments as listStoredDocuments } from "../../storage/destinations/documents.ts";
import { PATH_PARAMETERS, endpoint, returns } from "../endpoint.ts";
import { listResponse, pageOf, pageQuery, toPage } from "../paging.ts";
import { notFound } from "../problems.ts";
import { time } from "../schema.ts";

const documentList = pageOf(
  "DocumentList",
  z.strictObject({
    key: z.string(),
    size: z.int(),
    content_type: z.string(),
    updated_at: time,
    event_id: z.string(),
    delivery_id: z.string(),
    url: z.url(),
  }),
);

function encodeKey(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/");
}

export const listDocuments = endpoint({
  id: "destinations.documents.list",
  method: "GET",
  path: "/destinations/{id}/documents",
  scope: "read",
  summary: "List the documents that a destination wrote",
  query: pageQuery(PATH_PARAMETERS.key),
  answers: { 200: returns(documentList, "A page, in the order of the keys, which is the only one that R2 has.") },
}).handle(async ({ context, url, id, query }) => {
  const destination = await findDestination(context.primary, id);
  if (destination === null) return notFound("destination");
  const { limit, before: after } = toPage(query);
  const { documents, more } = await listStoredDocuments(documentsBucket(context.env), destination.id, limit, after);
  const folder = `${url.origin}/api/v1/destinations/${destination.id}/documents/`;
  const next = more ? (documents.at(-1)?.key ?? null) : null;
  return listResponse(documents, next, (row) => ({ ...row, url: folder + encodeKey(row.key) }));
});
