import { contextOf } from "../../context.ts";
import { documentsBucket } from "../../platform/bindings.ts";
import { problemResponse } from "../../net/problem.ts";
import { ok } from "../../model/result.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { type DocumentSummary, listDocuments, readDocument } from "../../storage/destinations/documents.ts";
import type { Verb } from "../call.ts";
import { type AdminApp, mount } from "../mount.ts";
import { unknownPath } from "../router.ts";
import { listAnswer, parseListQuery } from "../list-query.ts";
import { notFound } from "../problems.ts";

const DESTINATION_ID = /^dst_[0-9A-Za-z]{1,60}$/;
const KEY = /^[^\p{Cc}]{1,1024}$/u;
const METHODS = "GET, HEAD";

function encodeKey(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/");
}

/** A file name for a header, as RFC 8187 writes it. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The documents that a destination wrote, in order of their keys: R2 knows no other. */
const list: Verb = async (call) => {
  const query = parseListQuery(call.url, KEY, {});
  if (!query.ok) return query;
  const destination = await findDestination(call.context.primary, call.id);
  if (destination === null) return notFound("destination");
  const { limit, before: after } = query.value.page;
  const { documents, more } = await listDocuments(documentsBucket(call.context.env), destination.id, limit, after);
  const folder = `${call.url.origin}/api/v1/destinations/${destination.id}/documents/`;
  const next = more ? (documents.at(-1)?.key ?? null) : null;
  return ok(listAnswer(documents, next, (row) => ({ ...row, url: folder + encodeKey(row.key) })));
};

function headersOf({ key, content_type, updated_at }: DocumentSummary): Readonly<Record<string, string>> {
  return {
    "content-type": content_type,
    "last-modified": new Date(updated_at).toUTCString(),
    // What a sender wrote is never shown as a page of this host.
    "content-disposition": `attachment; filename*=UTF-8''${encodeName(key.split("/").at(-1) ?? "")}`,
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
  };
}

export function mountDocuments(app: AdminApp): void {
  mount(app, "/destinations/:id/documents", { GET: list });
  // Not a verb: it answers with bytes.
  const path = "/destinations/:id/documents/:key{.+}";
  app.get(path, async (c) => {
    const { id, key } = c.req.param();
    if (!DESTINATION_ID.test(id) || !KEY.test(key)) return unknownPath();
    const destination = await findDestination(contextOf(c.env).primary, id);
    if (destination === null) return unknownPath();
    const found = await readDocument(documentsBucket(c.env), id, key);
    if (found === null) return problemResponse({ status: 404, title: "No document has this key." });
    return new Response(found.body, { headers: headersOf(found.summary) });
  });
  app.all(path, () =>
    problemResponse({ status: 405, title: `This address takes only ${METHODS}.`, headers: { allow: METHODS } }),
  );
}
