import * as z from "zod/mini";
import type { TemplateOptions } from "../../model/integration.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { commonOptions, finishAlert, prepareText } from "../reading/alert-text.ts";
import { groupFieldsOf } from "./alert.ts";
import { type Section, idOf, joinKey, readJsonMap } from "../reading/json-body.ts";
import { type Interpreter, defineSource } from "../source.ts";

const IDS = ["universe", "project", "fingerprint"] as const;

type Identity = { readonly key: string; readonly objectId: string | null };

function readIdentity(section: Section): Result<Identity, readonly FieldError[]> {
  const parts: string[] = [];
  const errors: FieldError[] = [];
  for (const path of IDS) {
    const id = idOf(section, path);
    if (!id.ok) errors.push({ path, message: id.error });
    else if (id.value === null) errors.push({ path, message: "is required: it says which group this is about" });
    else parts.push(id.value);
  }
  if (errors.length > 0) return fail(errors);
  // An invalid id only means that repeats are not recognized. Refusing the request would lose the event.
  const objectId = idOf(section, "object_id");
  return ok({ key: joinKey(parts), objectId: objectId.ok ? objectId.value : null });
}

function prepare(options: TemplateOptions): Interpreter {
  const write = prepareText(options);
  return (request, { integration }) => {
    const read = readJsonMap(request);
    if (!read.ok) return read;
    const { body, section } = read.value;
    const identity = readIdentity(section);
    if (!identity.ok) return identity;
    const { key, objectId } = identity.value;
    const finished = finishAlert(groupFieldsOf(section.fields), write(integration, body.exact), request);
    return ok([
      {
        signal: { action: "create", namespace: integration.id, key, ...finished },
        kind: "group",
        payload: body.payload,
        payload_is_body: body.payload_is_body,
        provider_event_id: objectId === null ? null : `${key}/${objectId}`,
      },
    ]);
  };
}

/**
 * Backtrace's webhook, one request for each change of a group:
 * https://docs.saucelabs.com/error-reporting/workflow-integrations/webhook/
 */
export const backtrace = defineSource({
  methods: ["POST", "PUT"],
  options: () => z.strictObject(commonOptions()),
  prepare,
});
