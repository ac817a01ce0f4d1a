import { isJsonObject, memberOf } from "../../model/json.ts";
import {
  farPartsOf,
  fieldIn,
  firstIn,
  firstOf,
  firstOfLists,
  lineOf,
  nearPartsOf,
  surroundingsOf,
} from "./event-parts.ts";
import { oneLine } from "./text.ts";

// The words for an event of a sender that has no rule set: what happened, and to which thing. They stand at the top of the
// payload, or one or two levels down, and few senders put them deeper.

const WHAT_HEADERS = [
  ..."x-github-event x-gitlab-event x-gitea-event x-event-key x-shopify-topic x-wc-webhook-topic x-contentful-topic".split(
    " ",
  ),
  ..."x-discourse-event sentry-hook-resource twitch-eventsub-subscription-type ce-type linear-event".split(" "),
];
/** The fields that hold a kind of event and nothing else, so that they count at any depth. */
const EVENT_FIELDS = [
  "event",
  "event_type",
  "event_name",
  "webhookEvent",
  "object_kind",
  "event_code",
  "event_key",
  "detail-type",
  "RecordType",
  "triggerEvent",
  "triggerType",
  "notification_type",
  "operationType",
  "change_type",
];
const WHAT_FIELDS = ["type", ...EVENT_FIELDS, "topic", "alert_type", "subscriptionType"];
/** What a sender calls all of its events. Another field then says which one it is. */
const GENERIC: ReadonlySet<string> = new Set(["event", "event_callback", "notification", "notification_event"]);
const STEP_FIELDS = ["action", "conclusion", "status", "state"];
const NAME_FIELDS = [
  ..."title summary subject display_title name message description tag_name display_name full_name username".split(" "),
  ..."email email_address text content topic body note".split(" "),
];
/** Names at the top of a payload that the names within it would hide: of Figma and monday.com. */
const TOP_NAMES = ["file_name", "pulseName"];
const ID_FIELDS = ["key", "identifier", "number", "reference", "id"];
/** The ids of a thing at the top of a payload, beside those of the event, the webhook and the account. */
const TOP_IDS = "object_id task_id ticket_id issue_id order_id record_id page_id entity_id resource_id".split(" ");
const SURROUNDING_NAMES = ["full_name", "path_with_namespace", "repo_name", "name", "title", "login"];
/** A longer text is no kind of event. */
const MAX_KIND = 100;
const NUMBER = /^\d+$/;

/** Returns where an event happened; "" if nothing says it. */
function placeOf(payload: unknown): string {
  return firstIn(surroundingsOf(payload), SURROUNDING_NAMES);
}

function isKind(line: string): boolean {
  return line !== "" && line.length <= MAX_KIND && !NUMBER.test(line) && !line.includes("://");
}

/** Returns the first kind in these places that is not a general one, or else a general one; "" if there is none. */
function kindAt(places: readonly unknown[], names: readonly string[]): string {
  const kinds = places.flatMap((place) => names.map((name) => lineOf(fieldIn(place, name)))).filter(isKind);
  return kinds.find((kind) => !GENERIC.has(kind)) ?? kinds[0] ?? "";
}

/** Returns the kind of the event: as the sender names it, else in general. */
function kindIn(payload: unknown): string {
  const listed = isJsonObject(payload) ? firstOfLists(payload) : [];
  const kind = kindAt([payload, memberOf(payload, "event"), memberOf(payload, "action"), ...listed], WHAT_FIELDS);
  return kind === "" ? kindAt([...nearPartsOf(payload), ...farPartsOf(payload)], EVENT_FIELDS) : kind;
}

/** Returns the kind of the event that a header names; "" if none does. */
export function kindInHeaders(headers: Readonly<Record<string, string>>): string {
  return WHAT_HEADERS.map((name) => oneLine(headers[name] ?? "")).find((line) => line !== "") ?? "";
}

function joined(words: readonly string[]): string {
  return words.reduce(
    (said, next) => (said.toLowerCase().includes(next.toLowerCase()) ? said : `${said} ${next}`.trim()),
    "",
  );
}

/** Returns what happened, such as `issues opened` or `charge.failed`; "" if nothing says it. */
export function whatHappened(payload: unknown, headers: Readonly<Record<string, string>>): string {
  const parts = nearPartsOf(payload);
  const step = firstOf(payload, STEP_FIELDS) || firstIn(parts, STEP_FIELDS);
  // What is completed has succeeded or failed.
  const end = step === "completed" ? firstIn(parts, ["conclusion"]) : "";
  return joined([kindInHeaders(headers) || kindIn(payload), step, end]);
}

/** Returns the kind and the step that a payload has beside a title of its own, if the title does not say them. */
export function besideTitle(payload: unknown, title: string): string {
  const words = [kindAt([payload], EVENT_FIELDS), firstOf(payload, STEP_FIELDS)];
  return joined(words.filter((word) => isKind(word) && !title.toLowerCase().includes(word.toLowerCase())));
}

/** Returns the name of the thing that an event is about, or else its id; "" if it has neither. */
export function nameOfThing(payload: unknown): string {
  const parts = nearPartsOf(payload);
  const name = firstOf(payload, TOP_NAMES) || firstIn(parts, NAME_FIELDS);
  if (name !== "" && !NUMBER.test(name)) {
    const key = firstIn(parts, ["key"]);
    return key === "" || name.includes(key) ? name : `${key} ${name}`;
  }
  const own = firstOf(payload, TOP_IDS);
  if (own !== "") return own;
  const id = name || firstIn(parts, ID_FIELDS);
  if (id !== "" && !NUMBER.test(id)) return id;
  const far = farPartsOf(payload);
  const distant = firstIn(far, NAME_FIELDS) || firstIn(far, ["key", "identifier", "reference", "pspReference"]);
  // A number alone says nothing to people.
  return distant || `${placeOf(payload)} ${id}`.trim();
}

/** Returns the name within the data of an envelope, whose own subject may be no more than an address; "" if there is none. */
export function nameInEnvelope(payload: unknown): string {
  return firstIn([memberOf(payload, "data"), memberOf(payload, "detail")], NAME_FIELDS);
}
