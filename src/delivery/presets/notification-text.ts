import type { AlertSnapshot } from "../../model/alert.ts";
import type { MessageType } from "../../model/event.ts";
import { Digits } from "../../model/digits.ts";
import { isJsonObject, isList, memberOf, unwrapped } from "../../model/json.ts";
import { chatWordsOf } from "./chat-words.ts";
import { linksOfThing } from "./event-links.ts";
import { besideTitle, kindInHeaders, nameInEnvelope, nameOfThing, whatHappened } from "./event-words.ts";
import { isGatewayType, systemFacts, wordingOf } from "./notification-system.ts";
import { clean, fit, oneLine } from "./text.ts";

/** What the texts of a notification are made of. */
export type TextSource = {
  readonly type: MessageType;
  readonly kind: string;
  readonly alert: AlertSnapshot | null;
  readonly data: unknown;
  readonly payload: unknown;
  /** The sender's, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
};

/** A label and a value, both on one line. */
export type Fact = { readonly label: string; readonly text: string };
export type WebLink = { readonly href: string; readonly host: string };

const MAX_FACTS = 10;
const MAX_FACT = 300;
const MAX_LABEL = 40;
const MAX_LINK = 2_000;

const TITLE_FIELDS = ["title", "subject", "summary", "name", "message", "text"];
const DESCRIPTION_FIELDS = ["description", "body", "details", "message", "text", "content", "error", "reason"];
/** What a message says that has no title: Discord, Twilio. */
const TEXT_FIELDS = ["content", "body", "msg"];
const LINK_FIELDS = ["html_url", "url", "link", "href", "group_url"];

/** Returns a text, number or boolean on one line; "" for any other value. */
function lineOf(value: unknown): string {
  if (typeof value === "string") return oneLine(value);
  const isScalar = typeof value === "number" || typeof value === "boolean" || value instanceof Digits;
  return isScalar ? String(value) : "";
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Returns the first of these fields of the payload that is not blank. The name may be capitalized. */
function fieldOf(payload: unknown, names: readonly string[]): unknown {
  const values = names.flatMap((name) => [memberOf(payload, name), memberOf(payload, capitalized(name))]);
  return values.find((value) => lineOf(value) !== "");
}

/** Names that say little by themselves, such as an order's number. */
const WEAK_NAME = 24;

/** Whether the `subject` of a payload is the name of a thing, as in CloudEvents, Azure Event Grid and Zendesk's events. */
function isEnvelope(payload: unknown): boolean {
  const marks = ["specversion", "eventType", "zendesk_event_version"];
  return marks.some((name) => lineOf(memberOf(payload, name)) !== "");
}

function joined(what: string, name: string): string {
  return [what, name].filter((part) => part !== "").join(": ");
}

/** Returns the title of a sender's event: what it says itself, or else what happened and the name of the thing. */
function wordsOf(own: string, payload: unknown, headers: TextSource["headers"]): string {
  const what = whatHappened(payload, headers);
  const isWrapped = isEnvelope(payload);
  const isOwn =
    own !== "" &&
    !isWrapped &&
    kindInHeaders(headers) === "" &&
    (own.length > WEAK_NAME || fieldOf(payload, ["title", "subject", "summary", "message", "text"]) !== undefined);
  if (isOwn) return joined(besideTitle(payload, own), own);
  // An address, such as `zen:ticket:12`, has no spaces.
  const inner = isWrapped && !own.includes(" ") ? nameInEnvelope(payload) : "";
  return joined(what, inner || own || nameOfThing(payload) || lineOf(memberOf(payload, "email")));
}

/** A list stands for its first item: senders batch what happened. An envelope stands for what it wraps. */
function itemOf(payload: unknown): unknown {
  return unwrapped(isList(payload) ? payload[0] : payload);
}

/** Returns what an event says in one line; "" if it says nothing. */
function saidIn(whole: unknown, headers: TextSource["headers"]): string {
  const payload = itemOf(whole);
  const chat = chatWordsOf(payload);
  if (chat !== null) return chat.title;
  const own = lineOf(fieldOf(payload, TITLE_FIELDS));
  return wordsOf(own, payload, headers) || lineOf(fieldOf(payload, TEXT_FIELDS));
}

function subjectOf({ type, kind, alert, data, payload: whole, headers }: TextSource): string {
  if (isGatewayType(type)) return lineOf(fieldOf(whole, ["name", "id"])) || wordingOf(type).title;
  const payload = itemOf(whole);
  const own = lineOf(fieldOf(payload, TITLE_FIELDS));
  switch (type) {
    case "alert.created":
    case "alert.repeated":
    case "alert.updated":
    case "alert.acknowledged":
    case "alert.resolved":
      return lineOf(alert?.title) || lineOf(alert?.key) || own;
    case "event.group": {
      const about = lineOf(alert?.title) || lineOf(memberOf(data, "group")) || "events";
      return `${lineOf(memberOf(data, "occurrences")) || "Several"} × ${about}`;
    }
    case "test":
      return lineOf(alert?.title) || own || "Test message from Hookgate";
    case "event.received":
      return saidIn(whole, headers) || `Event received: ${oneLine(kind)}`;
  }
}

/** Returns the title, on one line and never blank. */
export function titleOf(source: TextSource): string {
  return fit(subjectOf(source), 1_000) || "Untitled";
}

/** Returns the text below the title, which may have several lines; "" if there is none. */
export function descriptionOf({ type, alert, payload }: TextSource): string {
  if (isGatewayType(type)) return wordingOf(type).description;
  if (alert !== null) return clean(alert.description);
  const words = chatWordsOf(payload);
  if (words !== null) return words.lines.join("\n");
  const inner = unwrapped(payload);
  const title = fieldOf(inner, TITLE_FIELDS);
  const text = fieldOf(inner, DESCRIPTION_FIELDS);
  return typeof text === "string" && text !== title ? clean(text) : "";
}

function alertFacts(alert: AlertSnapshot): readonly (readonly [string, unknown])[] {
  const { incident } = alert;
  return [
    ["Status", alert.status],
    ["Urgency", alert.urgency],
    ["Key", alert.key],
    ["Tags", alert.tags.slice(0, 20).join(", ")],
    ["Incident", incident === null ? "" : [incident.severity, incident.message].filter(Boolean).join(" ")],
    ["Repeats", alert.dedup_count > 0 ? alert.dedup_count : ""],
    ...alert.additional_data.map(({ label, value }) => [label, value] as const),
  ];
}

function groupFacts(data: unknown): readonly (readonly [string, unknown])[] {
  const times = memberOf(data, "timestamp");
  const [first, last]: readonly unknown[] = Array.isArray(times) ? times : [];
  return [
    ["Events", memberOf(data, "occurrences")],
    ["First", first],
    ["Last", last],
  ];
}

/** Returns what a payload says if no title can be made of it, such as that of a form in another language. */
function wordlessFacts({ type, payload, headers }: TextSource): readonly (readonly [string, unknown])[] {
  const item = itemOf(payload);
  if (type !== "event.received" || !isJsonObject(item) || saidIn(payload, headers) !== "") return [];
  return Object.keys(item)
    .slice(0, 2 * MAX_FACTS)
    .map((name) => [name, item[name]]);
}

/** Returns short facts, the most important ones first. */
export function factsOf(source: TextSource): readonly Fact[] {
  const { type, kind, alert, data, payload } = source;
  const facts = [
    ...(type === "event.group" ? groupFacts(data) : []),
    ...(alert === null ? [["Kind", kind] as const, ...wordlessFacts(source)] : alertFacts(alert)),
    ...(isGatewayType(type) ? systemFacts(payload) : []),
  ];
  return facts
    .slice(0, 4 * MAX_FACTS)
    .map(([label, value]) => ({ label: fit(oneLine(label), MAX_LABEL), text: fit(lineOf(value), MAX_FACT) }))
    .filter(({ label, text }) => label !== "" && text !== "")
    .slice(0, MAX_FACTS);
}

/** The address of an integration is its secret, and some senders repeat it, such as GitHub in its ping. */
const INTEGRATION = /\/(?:integration|hooks\/catch)\/int_/;

/** Normalizes a web address; null for any other value and for addresses that contain credentials. */
function webLinkOf(value: unknown): WebLink | null {
  if (typeof value !== "string" || value.length > MAX_LINK) return null;
  const url = URL.parse(value.trim());
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return null;
  if (url.username !== "" || url.password !== "" || url.host.startsWith("[")) return null;
  if (INTEGRATION.test(url.pathname)) return null;
  // The URL parser does not escape these, and some products read them as markup.
  const href = url.href.replace(/[|()[\]'*`\\]/gu, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return href.length > MAX_LINK ? null : { href, host: url.host };
}

/** Returns the web address that the sender gives for the event; null if there is none. */
export function linkOf({ type, alert, payload }: TextSource): WebLink | null {
  // The address in this payload is the destination's own, which shows nothing to people.
  if (isGatewayType(type)) return null;
  const data = alert?.additional_data ?? [];
  const links = data.flatMap((datum) => (datum.format === "link" ? [webLinkOf(datum.value)] : []));
  const own = links.find((link) => link !== null) ?? webLinkOf(fieldOf(itemOf(payload), LINK_FIELDS));
  if (own !== null || alert !== null) return own;
  return (
    [...(chatWordsOf(payload)?.links ?? []), ...linksOfThing(itemOf(payload))]
      .map(webLinkOf)
      .find((link) => link !== null) ?? null
  );
}
