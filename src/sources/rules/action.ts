import type { AdditionalDatum, AlertFields, Incident } from "../../model/alert.ts";
import { SHARED_NAMESPACE, type Signal } from "../../model/event.ts";
import type { Json } from "../../model/json.ts";
import type { FieldError } from "../../model/result.ts";
import type { RuleAction } from "./sets/rule-set.ts";
import { saysYes, severityIn, urgencyIn } from "../reading/alert-values.ts";
import { boundAlertFields } from "../reading/bounds.ts";
import { type Filling, type Text, compileMap, compileText, compileTexts, compileValue } from "./template.ts";
import type { SourceContext } from "../source.ts";
import { isTime, linkDatum } from "../reading/wording.ts";

type CreateAction = Extract<RuleAction, { type: "create" }>;
type Identity = { readonly namespace: string; readonly key: string; readonly aliases?: readonly string[] };
type Errors = FieldError[];

/** What an action is carried out for. `eventId` is the id of the event that it makes. */
type Occasion = Filling & {
  readonly integration: SourceContext["integration"];
  readonly eventId: string;
};

export type Act = (occasion: Occasion) => Signal;

const MAX_KEY = 1_000;
const MAX_NOTE = 1_000;

/** A key as the alerts table can hold it: a long one keeps its start and is told apart by a checksum of the whole. */
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
): (occasion: Occasion) => Identity | null {
  const thirdpartyId = compileText(given.thirdparty_id, `${at}.thirdparty_id`, errors);
  const dedupKeys = compileTexts(given.dedup_keys, `${at}.dedup_keys`, errors);
  return (occasion) => {
    const [key, ...aliases] = new Set(dedupKeys(occasion).map(keyOf));
    if (key !== undefined) {
      return { namespace: SHARED_NAMESPACE, key, ...(aliases.length > 0 ? { aliases } : {}) };
    }
    const id = thirdpartyId(occasion);
    return id === "" ? null : { namespace: occasion.integration.id, key: keyOf(id) };
  };
}

function compileTags(given: CreateAction["tags"], at: string, errors: Errors): (occasion: Occasion) => string[] {
  const texts = compileTexts(given, at, errors);
  const tagsIn = (text: string): string[] => (typeof given === "string" ? text.split(",") : [text]);
  return (occasion) => {
    const tags = texts(occasion).flatMap(tagsIn);
    return [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))];
  };
}

type Datum = NonNullable<CreateAction["additional_data"]>[number];

/** Whether a value can be shown so: what a page would make a link of has to be an address on the web. */
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

function compileDatum(given: Datum, at: string, errors: Errors): (occasion: Occasion) => AdditionalDatum | null {
  const { format = "text" } = given;
  const label = compileText(given.label, `${at}.label`, errors);
  const value = compileValue(given.value, `${at}.value`, errors);
  return (occasion) => {
    const said = value(occasion);
    if (said === "" || said === null) return null;
    return { format: canBe(format, said) ? format : "text", label: label(occasion), value: said };
  };
}

function compileIncident(given: CreateAction, at: string, errors: Errors): (occasion: Occasion) => Incident | null {
  const incident = compileText(given.incident, `${at}.incident`, errors);
  const severity = compileText(given.incident_severity, `${at}.incident_severity`, errors);
  const message = compileText(given.incident_message, `${at}.incident_message`, errors);
  return (occasion) =>
    saysYes(incident(occasion)) ? { severity: severityIn(severity(occasion)), message: message(occasion) } : null;
}

/** The title, or one that says where the alert is from: an alert is not lost for want of a title. */
function titleOr(title: Text, occasion: Occasion): string {
  const text = title(occasion);
  if (text !== "") return text;
  occasion.notes.push("The title came out blank, so the integration's name stands for it.");
  return `Alert from ${occasion.integration.name}`;
}

function compileFields(given: CreateAction, at: string, errors: Errors): (occasion: Occasion) => AlertFields {
  const title = compileText(given.title, `${at}.title`, errors);
  const description = compileText(given.description, `${at}.description`, errors);
  const urgency = compileText(given.urgency, `${at}.urgency`, errors);
  const tags = compileTags(given.tags, `${at}.tags`, errors);
  const meta = compileMap(given.meta ?? {}, `${at}.meta`, errors);
  const incident = compileIncident(given, at, errors);
  const data = (given.additional_data ?? []).map((datum, index) =>
    compileDatum(datum, `${at}.additional_data[${index}]`, errors),
  );
  return (occasion) => ({
    title: titleOr(title, occasion),
    description: description(occasion),
    urgency: urgencyIn(urgency(occasion)),
    tags: tags(occasion),
    meta: meta(occasion),
    incident: incident(occasion),
    additional_data: data.map((datum) => datum(occasion)).filter((datum) => datum !== null),
  });
}

function noteOf({ notes }: Occasion): string | null {
  return notes.length === 0 ? null : notes.join(" ").slice(0, MAX_NOTE).toWellFormed();
}

function compileCreate(given: CreateAction, at: string, errors: Errors): Act {
  const identity = compileIdentity(given, at, errors);
  const fields = compileFields(given, at, errors);
  return (occasion) => {
    const known = identity(occasion);
    if (known === null && given.thirdparty_id !== undefined) {
      occasion.notes.push("thirdparty_id came out blank, so the alert is one of its own.");
    }
    const bounded = boundAlertFields(fields(occasion));
    if (bounded.cut.length > 0) occasion.notes.push(`Too large for an alert, and cut: ${bounded.cut.join(", ")}.`);
    // Without a key of its own it is the same alert when this runs twice, and no other's.
    const { namespace, key, ...rest } = known ?? { namespace: occasion.integration.id, key: occasion.eventId };
    return { action: "create", namespace, key, ...rest, fields: bounded.fields, note: noteOf(occasion) };
  };
}

/** Compiles an action; what is wrong with its templates is added to the errors. `at` is its place in the options. */
export function compileAction(given: RuleAction, at: string, errors: Errors): Act {
  switch (given.type) {
    case "create":
      return compileCreate(given, at, errors);
    case "acknowledge":
    case "resolve": {
      const { type: action } = given;
      const identity = compileIdentity(given, at, errors);
      return (occasion) => {
        const known = identity(occasion);
        if (known !== null) return { action, ...known, note: noteOf(occasion) };
        occasion.notes.push(`thirdparty_id came out blank: there is no alert to ${action}.`);
        return { action: "ignore", note: noteOf(occasion) ?? "" };
      };
    }
    case "ignore": {
      const reason = compileText(given.reason, `${at}.reason`, errors);
      return (occasion) => {
        const said = reason(occasion);
        occasion.notes.push(said === "" ? "A rule ignores it." : said);
        return { action: "ignore", note: noteOf(occasion) ?? "" };
      };
    }
  }
}
