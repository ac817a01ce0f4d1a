import { fail } from "../../model/result.ts";
import { documentsBucket } from "../../platform/bindings.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { type DocumentSummary, readDocument } from "../../storage/destinations/documents.ts";
import { endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

/** A file name in the notation of RFC 8187. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function headersOf({ key, content_type, updated_at }: DocumentSummary): Readonly<Record<string, string>> {
  return {
    "content-type": content_type,
    "last-modified": new Date(updated_at).toUTCString(),
    // Browsers must not show what a sender wrote as a page of this host.
    "content-disposition": `attachment; filename*=UTF-8''${encodeName(key.split("/").at(-1) ?? "")}`,
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
  };
}

export const getDocument = endpoint({
  id: "destinations.documents.get",
  method: "GET",
  path: "/destinations/{id}/documents/{key}",
  scope: "read",
  summary: "Download a document",
  description: "The key may contain slashes.",
  answers: { 200: { description: "The document, with its own content type.", content_type: "*/*" } },
}).handle(async ({ context, id, key }) => {
  const destination = await findDestination(context.primary, id);
  if (destination === null) return notFound("destination");
  const found = await readDocument(documentsBucket(context.env), destination.id, key);
  if (found === null) return fail({ code: "not_found", title: "No document has this key." });
  return { status: 200, body: found.body, headers: headersOf(found.summary) };
});
