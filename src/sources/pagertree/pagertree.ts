import * as z from "zod/mini";
import { URGENCIES } from "../../model/alert.ts";
import type { Signal } from "../../model/event.ts";
import type { PagertreeOptions } from "../../model/integration.ts";
import { lazy } from "../../model/lazy.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { type WriteText, commonOptions, finishAlert, joinNotes, prepareText } from "../reading/alert-text.ts";
import { type Fields, readFields } from "../reading/fields.ts";
import { readAlertFields } from "./alert.ts";
import { readIdentity } from "./identity.ts";
import type { DefinedSource, Interpreter, SourceContext, SourceRequest } from "../source.ts";
import { pathsFrom, prepareUnwrap, wrapperKey } from "./wrapper.ts";

const EVENT_TYPES = ["create", "acknowledge", "resolve"] as const;
const MAX_QUOTE = 100;

/** A request, with the fields and the options to interpret it by. */
type Case = {
  readonly request: SourceRequest;
  readonly context: SourceContext;
  readonly options: PagertreeOptions;
  readonly fields: Fields;
  readonly write: WriteText;
  /** Notes on how the fields were found. */
  readonly notes: readonly string[];
};

const optionFields = lazy(() => ({
  ...commonOptions(),
  capture_additional_data: z._default(z.boolean(), false),
  default_urgency: z._default(z.nullable(z.enum(URGENCIES)), null),
}));
const options = lazy(() => z.strictObject({ ...optionFields(), wrapper_key: wrapperKey() }));
// An invalid expression is refused when it is saved. If one is stored nevertheless, events are still accepted.
const storedOptions = lazy(() =>
  z.strictObject({ ...optionFields(), wrapper_key: z._default(z.nullable(z.string()), null) }),
);

function ignore({ notes }: Case, note: string): Result<Signal, readonly FieldError[]> {
  return ok({ action: "ignore", note: [...notes, note].join(" ") });
}

function readCreate({ request, context, options, fields, write, notes }: Case): Result<Signal, readonly FieldError[]> {
  const text = write(context.integration, fields.exact);
  const alert = readAlertFields(fields, options, text);
  const identity = readIdentity(fields, context.integration.id);
  if (!alert.ok || !identity.ok) {
    return fail([...(alert.ok ? [] : alert.error), ...(identity.ok ? [] : identity.error)]);
  }
  // Without an Id, every create is an alert of its own. The event's id makes it the same alert if this runs twice.
  const about = identity.value ?? { namespace: context.integration.id, key: context.eventIdAt(0) };
  const finished = finishAlert(alert.value, { ...text, notes: [...notes, ...text.notes] }, request);
  return ok({ action: "create", ...about, ...finished });
}

function readSignal(given: Case): Result<Signal, readonly FieldError[]> {
  const { fields } = given;
  const eventType = fields.find("event_type")?.value ?? null;
  if (eventType === null) return ignore(given, "There is no event_type.");
  if (typeof eventType !== "string") return ignore(given, "event_type is not a text.");
  const wanted = eventType.trim().toLowerCase();
  const action = EVENT_TYPES.find((type) => type === wanted);
  switch (action) {
    case undefined:
      return ignore(given, `event_type "${wanted.slice(0, MAX_QUOTE).toWellFormed()}" is not known.`);
    case "create":
      return readCreate(given);
    case "acknowledge":
    case "resolve": {
      const identity = readIdentity(fields, given.context.integration.id);
      if (!identity.ok) return identity;
      if (identity.value !== null) return ok({ action, ...identity.value, note: joinNotes(given.notes) });
      const path = fields.find("Id")?.name ?? "Id";
      return fail([{ path, message: `must name the alert to ${action}` }]);
    }
  }
}

function prepare(options: PagertreeOptions): Interpreter {
  const write = prepareText(options);
  const unwrap = prepareUnwrap(options.wrapper_key);
  return (request, context) => {
    const whole = readFields(request);
    if (!whole.ok) return whole;
    const { fields, note, at } = unwrap(whole.value);
    const notes = note === null ? [] : [note];
    const signal = readSignal({ request, context, options, fields, write, notes });
    if (!signal.ok) return fail(pathsFrom(at, signal.error));
    const { payload, payload_is_body } = whole.value;
    return ok([{ signal: signal.value, kind: "alert", payload, payload_is_body, provider_event_id: null }]);
  };
}

/** PagerTree's incoming webhook: https://pagertree.com/docs/integration-guides/webhook */
export const pagertree: DefinedSource = {
  methods: ["POST", "PUT"],
  get options() {
    return options();
  },
  prepare: (stored) => prepare(storedOptions().parse(stored)),
};
