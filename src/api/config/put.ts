import * as z from "zod/mini";
import { fail } from "../../model/result.ts";
import { readWholeConfig } from "../../storage/config/document.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { refuseBody } from "../problems.ts";
import type { Refusal } from "../request.ts";
import { applyPlan, changesIn, generatedIn, isEmpty } from "./apply.ts";
import { configPlan } from "./changes.ts";
import { configRequest } from "./document.ts";
import { LIMITS, etagOf, refuseLarge } from "./get.ts";
import { type Plan, planConfig } from "./plan.ts";
import { type GivenCode, checkCode } from "../transformations/check-code.ts";

const flag = z.optional(z.enum(["true", "false"]));
const ETAG = /^(?:W\/)?"(\d{1,15})"$/;

function refuseConflict(): Refusal {
  return fail({
    code: "config_conflict",
    title: "The configuration has changed since the document was compared with it.",
    detail: "Nothing was applied. Compare the document again with dry_run, and send it again.",
  });
}

/** The revisions that `If-Match` names; null if it accepts any. */
function revisionsIn(header: string | null): readonly number[] | null {
  if (header === null || header.trim() === "*") return null;
  return header.split(",").map((tag) => Number(ETAG.exec(tag.trim())?.[1] ?? Number.NaN));
}

/** The code that a plan changes. Code that is stored was checked. */
function codeIn({ transformations }: Plan): readonly GivenCode[] {
  return transformations.steps.flatMap(({ key, before, after }) =>
    after === null || after.code === before?.code ? [] : [{ path: `transformations.${key}.code`, code: after.code }],
  );
}

const EXAMPLE = {
  version: 1,
  integrations: { monitoring: { type: "pagertree" } },
  destinations: { chat: { url: "https://chat.example.com/hooks/in" } },
  routes: { alerts: { integrations: ["monitoring"], destinations: ["chat"] } },
} as const;

export const put = endpoint({
  id: "config.apply",
  method: "PUT",
  path: "/config",
  scope: "write",
  summary: "Apply a document to the configuration",
  description:
    "In one transaction. Each entry describes its thing completely, apart from secrets: a secret whose value does not come along in `secrets` keeps what is stored, else it is generated. With `If-Match`, the `ETag` of a plan or a document, it applies to that revision only.",
  query: {
    dry_run: flag.check(z.describe("Whether to return the plan only.")),
    prune: flag.check(z.describe("Whether to delete what the document does not name.")),
  },
  body: jsonBody(configRequest, EXAMPLE),
  answers: { 200: returns(configPlan, "The changes: planned with `dry_run`, else made.") },
  problems: {
    409: "The configuration has changed since it was read or since the revision in `If-Match`, or it is too large for one document.",
    429: "Too many transformations run at once.",
    503: "The code of a transformation could not be compiled now.",
  },
}).handle(async (request) => {
  const { context, query, headers, body } = request;
  const config = await readWholeConfig(context.primary, LIMITS);
  if (config === null) return refuseLarge();
  const { revision } = config;
  if (revisionsIn(headers.get("if-match"))?.includes(revision) === false) return refuseConflict();
  const plan = await planConfig(request, body, config, query.prune === "true");
  if (!plan.ok) return refuseBody(plan.error);
  const checked = await checkCode(context, codeIn(plan.value));
  if (!checked.ok) return checked;
  const dry_run = query.dry_run === "true";
  const changes = changesIn(plan.value);
  if (dry_run || isEmpty(plan.value)) {
    return { status: 200, body: { changes, dry_run, revision }, headers: { etag: etagOf(revision) } };
  }
  if (!(await applyPlan(request, plan.value, revision))) return refuseConflict();
  const secrets = generatedIn(plan.value);
  const shown = Object.keys(secrets).length === 0 ? {} : { secrets };
  return {
    status: 200,
    body: { changes, dry_run, revision: revision + 1, ...shown },
    headers: { etag: etagOf(revision + 1) },
  };
});
