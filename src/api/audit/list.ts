import * as z from "zod/mini";
import { AUDIT_KINDS, type AuditEntry } from "../../model/audit.ts";
import { listAudit } from "../../storage/config/audit.ts";
import { type EntryNames, readEntryNames } from "./names.ts";
import { type Shown, endpoint, returns } from "../endpoint.ts";
import { idsOf } from "../external-ids.ts";
import { FILTERED, idFilter, listResponse, pageOf, pageQuery, toPage } from "../paging.ts";
import { refuseQuery } from "../problems.ts";
import { answerSchema, idOf, jsonMap, time } from "../schema.ts";

const givenTime = z.optional(z.iso.datetime({ offset: true, error: "must be an ISO 8601 time with a zone" }));
const word = z.optional(z.string().check(z.maxLength(100)));

const auditEntry = answerSchema(
  "AuditEntry",
  z.strictObject({
    id: idOf("aud"),
    at: time,
    actor: z
      .string()
      .check(
        z.describe(
          "`admin`, the id of an API token, `config` for a change by `PUT /config`, or `gateway` for its own.",
        ),
      ),
    actor_name: z
      .nullable(z.string())
      .check(z.describe("The name that the API token has now; null if it was deleted, and for other actors.")),
    action: z.string().check(z.describe("Such as `destination.updated`.")),
    kind: z.enum(AUDIT_KINDS),
    target: z.strictObject({
      id: z.string(),
      name: z
        .nullable(z.string())
        .check(
          z.describe(
            "Its name at that time; of an event, a delivery or an alert what it is about now. Null if there is none.",
          ),
        ),
    }),
    before: z
      .nullable(jsonMap)
      .check(z.describe("The fields that changed, as they were; null if it did not exist. Secrets are marks.")),
    after: z
      .nullable(jsonMap)
      .check(z.describe("The fields that changed, as they are; null if it no longer exists. Secrets are marks.")),
  }),
);
const auditList = pageOf("AuditList", auditEntry);

function viewEntry(entry: AuditEntry, names: EntryNames): Shown<typeof auditEntry> {
  const { target_id, target_name: _, ...rest } = entry;
  return { ...rest, actor_name: names.actor, target: { id: target_id, name: names.target } };
}

export const list = endpoint({
  id: "audit.list",
  method: "GET",
  path: "/audit",
  scope: "admin",
  summary: "List changes and who made them",
  description: `Entries are kept as long as the log. ${FILTERED}`,
  query: {
    ...pageQuery("aud"),
    actor: word,
    kind: z.optional(z.enum(AUDIT_KINDS)),
    id: idFilter.check(
      z.describe(
        "The id of the thing that was changed, or the `external_id` of an integration, destination, route or transformation.",
      ),
    ),
    action: word,
    from: givenTime,
    to: givenTime,
  },
  answers: { 200: returns(auditList, "A page, newest first.") },
}).handle(async ({ context, query: { limit, cursor, id, ...filters } }) => {
  const { from, to } = filters;
  if (from !== undefined && to !== undefined && Date.parse(from) > Date.parse(to)) {
    return refuseQuery([{ path: "to", message: "must not be before `from`" }]);
  }
  const target_ids = id === undefined ? undefined : await idsOf(context, id);
  const page = toPage({ limit, cursor });
  const { rows, next } = await listAudit(context.primary, page, { ...filters, target_ids });
  const namesOf = await readEntryNames(context, rows);
  return listResponse(rows, next, (entry) => viewEntry(entry, namesOf(entry)));
});
