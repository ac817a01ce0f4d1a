import type { AdditionalDatum, AlertFields, Incident } from "../../model/alert.ts";
import { SHARED_NAMESPACE, type Signal } from "../../model/event.ts";
import type { Json } from "../../model/json.ts";
import type { FieldError } from "../../model/result.ts";
import type { RuleAction } from "./sets/rule-set.ts";
import { saysYes, severityIn, urgencyIn } from "../reading/alert-values.ts";
import { boundAlertFields } from "../reading/bounds.ts";
import { type RenderInput, type Text, compileMap, compileText, compileTexts, compileValue } from "./template.ts";
import type { SourceContext } from "../source.ts";
import { isTime, linkDatum } from "../reading/wording.ts";

type CreateAction = Extract<RuleAction, { type: "create" }>;
type Identity = { readonly namespace: string; readonly key: string; readonly aliases?: readonly string[] };
type Errors = FieldError[];

/** The input of an action. `eventId` is the id of the event that the action makes. */
type ActionInput = RenderInput & {
  readonly integration: SourceContext["integration"];
  readonly eventId: string;
};

export type Act = (input: ActionInput) => Signal;

const MAX_KEY = 1_000;
const MAX_NOTE = 1_000;

/** Returns a key that the alerts table can store. A long key keeps its start and gets a checksum of the whole. */
function keyOf(text: string): string {
  const key = text.replaceAll("\u0000", "\ufffd");
  if (key.length <= MAX_KEY) return key;
  let sum = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(key)) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n);
  return `${key.slice(0, MAX_KEY - 20).toWellFormed()}#${sum.toString(16)}`;
}

function compileIdentity(
  given: Pick<CreateAction, "thirdparty_id" | "dedup_keys">,
  at: string,
  errors: Errors,
): (input: ActionInput) => Identity | null {
  const thirdpartyId = compileText(given.thirdparty_id, `${at}.thirdparty_id`, errors);
  const dedupKeys = compileTexts(given.dedup_keys, `${at}.dedup_keys`, errors);
  return (input) => {
    const [key, ...aliases] = new Set(dedupKeys(input).map(keyOf));
    if (key !== undefined) {
      return { namespace: SHARED_NAMESPACE, key, ...(aliases.length > 0 ? { aliases } : {}) };
    }
    const id = thirdpartyId(input);
    return id === "" ? null : { namespace: input.integration.id, key: keyOf(id) };
  };
}

function compileTags(given: CreateAction["tags"], at: string, errors: Errors): (input: ActionInput) => string[] {
  const texts = compileTexts(given, at, errors);
  const tagsIn = (text: string): string[] => (typeof given === "string" ? text.split(",") : [text]);
  return (input) => {
    const tags = texts(input).flatMap(tagsIn);
    return [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))];
  };
}

type Datum = NonNullable<CreateAction["additional_data"]>[number];

/** Returns whether a value can have a format. A link or an image must be a web address. */
function canBe(format: AdditionalDatum["format"], value: Json): boolean {
  switch (format) {
    case "link":
    case "img":
      return typeof value === "string" && linkDatum("", value)[0]?.format === "link";
    case "datetime":
      return typeof value !== "string" || isTime(value);
    case "text":
    case "email":
    case "phone":
      return true;
  }
}

function compileDatum(given: Datum, at: string, errors: Errors): (input: ActionInput) => AdditionalDatum | null {
  const { format = "text" } = given;
  const label = compileText(given.label, `${at}.label`, errors);
  const value = compileValue(given.value, `${at}.value`, errors);
  return (input) => {
    const rendered = value(input);
    if (rendered === "" || rendered === null) return null;
    return { format: canBe(format, rendered) ? format : "text", label: label(input), value: rendered };
  };
}

function compileIncident(given: CreateAction, at: string, errors: Errors): (input: ActionInput) => Incident | null {
  const incident = compileText(given.incident, `${at}.incident`, errors);
  const severity = compileText(given.incident_severity, `${at}.incident_severity`, errors);
  const message = compileText(given.incident_message, `${at}.incident_message`, errors);
  return (input) =>
    saysYes(incident(input)) ? { severity: severityIn(severity(input)), message: message(input) } : null;
}

/** Returns the title, or a default that names the integration: an alert without a title is not lost. */
function titleOr(title: Text, input: ActionInput): string {
  const text = title(input);
  if (text !== "") return text;
  input.notes.push("The title is blank, so that the integration's name was used.");
  return `Alert from ${input.integration.name}`;
}

function compileFields(given: CreateAction, at: string, errors: Errors): (input: ActionInput) => AlertFields {
  const title = compileText(given.title, `${at}.title`, errors);
  const description = compileText(given.description, `${at}.description`, errors);
  const urgency = compileText(given.urgency, `${at}.urgency`, errors);
  const tags = compileTags(given.tags, `${at}.tags`, errors);
  const meta = compileMap(given.meta ?? {}, `${at}.meta`, errors);
  const incident = compileIncident(given, at, errors);
  const data = (given.additional_data ?? []).map((datum, index) =>
    compileDatum(datum, `${at}.additional_data[${index}]`, errors),
  );
  return (input) => ({
    title: titleOr(title, input),
    description: description(input),
    urgency: urgencyIn(urgency(input)),
    tags: tags(input),
    meta: meta(input),
    incident: incident(input),
    additional_data: data.map((datum) => datum(input)).filter((datum) => datum !== null),
  });
}

function noteOf({ notes }: ActionInput): string | null {
  return notes.length === 0 ? null : notes.join(" ").slice(0, MAX_NOTE).toWellFormed();
}

function compileCreate(given: CreateAction, at: string, errors: Errors): Act {
  const identity = compileIdentity(given, at, errors);
  const fields = compileFields(given, at, errors);
  return (input) => {
    const known = identity(input);
    if (known === null && given.thirdparty_id !== undefined) {
      input.notes.push("thirdparty_id is blank, so that the alert has a key of its own.");
    }
    const bounded = boundAlertFields(fields(input));
    if (bounded.cut.length > 0)
      input.notes.push(`Cut, because they are too large for an alert: ${bounded.cut.join(", ")}.`);
    // Without a key, the event's id makes it the same alert if this runs twice, and never that of another event.
    const { namespace, key, ...rest } = known ?? { namespace: input.integration.id, key: input.eventId };
    return { action: "create", namespace, key, ...rest, fields: bounded.fields, note: noteOf(input) };
  };
}

/** Compiles an action and adds the faults of its templates to the errors. `at` is its path in the options. */
export function compileAction(given: RuleAction, at: string, errors: Errors): Act {
  switch (given.type) {
    case "create":
      return compileCreate(given, at, errors);
    case "acknowledge":
    case "resolve": {
      const { type: action } = given;
      const identity = compileIdentity(given, at, errors);
      return (input) => {
        const known = identity(input);
        if (known !== null) return { action, ...known, note: noteOf(input) };
        input.notes.push(`thirdparty_id is blank, so that there is no alert to ${action}.`);
        return { action: "ignore", note: noteOf(input) ?? "" };
      };
    }
    case "ignore": {
      const reason = compileText(given.reason, `${at}.reason`, errors);
      return (input) => {
        const text = reason(input);
        input.notes.push(text === "" ? "A rule ignores it." : text);
        return { action: "ignore", note: noteOf(input) ?? "" };
      };
    }
  }
}
