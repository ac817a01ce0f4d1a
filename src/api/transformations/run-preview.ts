import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import type { Json } from "../../model/json.ts";
import { type Result, ok } from "../../model/result.ts";
import type { Problem } from "../../net/problem.ts";
import { itemsOf, wrongItems } from "../../pipeline/transformed-content.ts";
import { SHOWS_MANY } from "../../storage/config/api-idempotency-keys.ts";
import type { TransformationRun } from "../../transformations/runner.ts";
import { TRANSFORMATION_FAULTS } from "../../transformations/run.ts";
import { type Shown, returns } from "../endpoint.ts";
import { refuseBody } from "../problems.ts";
import { anyJson, answerSchema, documentedAs, idOf, requestSchema } from "../schema.ts";
import { refuseBusy, runnerFor } from "./check-code.ts";
import { acceptedCode } from "./fields.ts";
import { PREVIEW_KINDS, type PreviewInput, type PreviewKind, inputOfBody, inputOfEvent } from "./preview-input.ts";
import { inSlot } from "./slots.ts";

/** The JSON that is shown, in characters: a response stored for its Idempotency-Key must fit in a row, escaped and sealed. */
const MAX_SHOWN = 131_072;

const given = z.strictObject({
  event_id: z.optional(z.string().check(z.maxLength(100))).check(z.describe("A stored event.")),
  body: z.optional(
    documentedAs(z.custom<Json>(), {
      description: "Any JSON, instead of `event_id`: a payload, or at a destination the whole envelope.",
    }),
  ),
  code: z.optional(acceptedCode).check(z.describe("Instead of the stored code.")),
  kind: z
    .optional(z.enum(PREVIEW_KINDS))
    .check(
      z.describe(
        "Whether the code gets the event, as on an integration, or the envelope, as on a destination. By default as it is used; else as on an integration.",
      ),
    ),
});
export const previewRequest = requestSchema("TransformationPreviewRequest", given);
export const draftPreviewRequest = requestSchema(
  "TransformationDraftPreviewRequest",
  z.extend(given, { code: acceptedCode }),
);

const transformationPreview = answerSchema(
  "TransformationPreview",
  z.strictObject({
    ok: z.boolean(),
    kind: z.enum(PREVIEW_KINDS),
    event_id: z.nullable(idOf("evt")),
    input: z.optional(anyJson).check(z.describe("What the code gets; absent if it is long.")),
    result: anyJson.check(z.describe("What the code returned; null, too, if it failed or the result is long.")),
    rendered: z.optional(z.string()).check(z.describe("The beginning of a long result, as JSON text.")),
    dropped: z.boolean().check(z.describe("Whether nothing is routed or sent, because the code returned null.")),
    events: z.int().check(z.describe("The number of events or payloads that the result is.")),
    logs: z.array(z.string()),
    error: z.nullable(
      z.strictObject({
        code: z.enum([...TRANSFORMATION_FAULTS, "wrong_result"]),
        message: z.string(),
        line: z.nullable(z.int()).check(z.describe("The line of the code, from 1; null if it is unknown.")),
      }),
    ),
    duration_ms: z.int(),
  }),
);
type Preview = Shown<typeof transformationPreview>;

export const answers = { 200: returns(transformationPreview, "The result, or why there is none.") };
export const problems = { 429: "Too many transformations run at once." };

function viewRun(run: TransformationRun, kind: PreviewKind) {
  if (!run.ok) return { ok: false, result: null, dropped: false, events: 0, logs: [...run.logs], error: run.fault };
  const isEvent = kind === "integration";
  const items = isEvent ? itemsOf(run.value) : run.value === null ? [] : [run.value];
  const wrong = isEvent ? wrongItems(items) : null;
  const text = JSON.stringify(run.value);
  const isLong = text.length > MAX_SHOWN;
  return {
    ok: wrong === null,
    result: isLong ? null : run.value,
    ...(isLong ? { rendered: text.slice(0, MAX_SHOWN).toWellFormed() } : {}),
    dropped: items.length === 0,
    events: wrong === null ? items.length : 0,
    logs: [...run.logs],
    error: wrong === null ? null : { code: "wrong_result" as const, message: wrong, line: null },
  };
}

type Given = z.output<typeof draftPreviewRequest>;

async function inputOf(
  context: Context,
  { event_id, body }: Given,
  kind: PreviewKind,
): Promise<Result<PreviewInput, Problem>> {
  if ((event_id === undefined) === (body === undefined)) {
    return refuseBody([{ path: "event_id", message: "is required, or body instead: give one of them" }]);
  }
  if (event_id === undefined) return ok(inputOfBody(body ?? null, kind, new Date(context.clock()).toISOString()));
  const input = await inputOfEvent(context, event_id, kind);
  return input.ok ? input : refuseBody(input.error);
}

/** Runs code over an event or a body. Nothing is stored or sent. */
export async function runPreview(context: Context, body: Given, usual: PreviewKind) {
  const kind = body.kind ?? usual;
  const runner = runnerFor(context, "code");
  if (!runner.ok) return runner;
  const input = await inputOf(context, body, kind);
  if (!input.ok) return input;
  const { event_id, value, now, seed } = input.value;
  const startedAt = context.clock();
  const run = await inSlot(startedAt, () =>
    runner.value.run({ code: body.code, input: value, context: { now, seed } }),
  );
  if (run === null) return refuseBusy();
  const duration_ms = Math.max(0, Math.round(context.clock() - startedAt));
  const shownInput = JSON.stringify(value).length > MAX_SHOWN ? {} : { input: value };
  const preview: Preview = { kind, event_id, ...shownInput, ...viewRun(run, kind), duration_ms };
  return { status: 200, body: preview, ...(event_id === null ? {} : { shows: SHOWS_MANY }) } as const;
}
