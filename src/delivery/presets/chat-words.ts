import { type JsonObject, isJsonObject, isList } from "../../model/json.ts";
import { oneLine } from "./text.ts";

// The words of messages that tools post to chat products: Slack and those that took its format, Discord, Teams and Google Chat.

/** The most parts of a message that are read. */
const MAX_PARTS = 200;
const MAX_DEPTH = 8;
const MAX_LINES = 20;

/** Where the words of a message may be, in the order in which people see them. */
const TEXTS = ["pretext", "activityTitle", "title", "activitySubtitle", "subtitle", "text", "topLabel", "content"];
/** The lists and maps that hold other parts, in that order. */
const PARTS = [
  ..."header card blocks embeds author attachments sections cards cardsV2 body columns rows cells items elements".split(
    " ",
  ),
  ..."facts fields widgets textParagraph decoratedText keyValue inlines".split(" "),
];
const LINKS = ["title_link", "url", "uri", "from_url", "author_link"];
const LINK_PARTS = "attachments embeds blocks sections potentialAction targets content actions elements".split(" ");

/** A message's words and addresses, as far as they were read. */
type Found = { readonly lines: string[]; readonly links: string[]; parts: number };

const MARKED_LINK = /<(https?:[^\s|>]+)(?:\|([^>]*))?>/g;

/** Writes a link of Slack as its label. */
function unmarked(text: string, found: Found): string {
  return text.replaceAll(MARKED_LINK, (_, address: string, label: string | undefined) => {
    found.links.push(address);
    return label ?? address;
  });
}

function addText(text: string, found: Found): void {
  const line = oneLine(unmarked(text, found));
  if (line !== "" && !found.lines.includes(line)) found.lines.push(line);
}

function members(value: unknown): readonly JsonObject[] {
  return (isList(value) ? value.slice(0, MAX_PARTS) : [value]).filter(isJsonObject);
}

/** Reads a part: its own words first, then those of the parts within. */
function read(part: JsonObject, found: Found, depth: number): void {
  if (depth > MAX_DEPTH || found.lines.length >= MAX_LINES || ++found.parts > MAX_PARTS) return;
  for (const name of TEXTS) {
    const value = part[name];
    if (typeof value === "string") addText(value, found);
    // A text of Slack's blocks is a map; so is the card of an attachment.
    else if (isJsonObject(value)) read(value, found, depth + 1);
  }
  if (typeof part["description"] === "string") addText(part["description"], found);
  for (const name of PARTS) for (const each of members(part[name])) read(each, found, depth + 1);
  // Shown only by a product that cannot show the rest.
  if (found.lines.length === 0 && typeof part["fallback"] === "string") addText(part["fallback"], found);
}

function readLinks(part: JsonObject, found: Found, depth: number): void {
  if (depth > MAX_DEPTH || ++found.parts > 2 * MAX_PARTS) return;
  for (const name of LINKS) {
    const value = part[name];
    if (typeof value === "string") found.links.push(value);
  }
  for (const name of LINK_PARTS) for (const each of members(part[name])) readLinks(each, found, depth + 1);
}

function hasParts(payload: JsonObject, names: readonly string[]): boolean {
  return names.some((name) => isList(payload[name]) && members(payload[name]).length > 0);
}

function isMessage(payload: JsonObject): boolean {
  return (
    payload["@type"] === "MessageCard" ||
    (payload["type"] === "AdaptiveCard" && isList(payload["body"])) ||
    hasParts(payload, ["blocks", "embeds", "attachments", "cards", "cardsV2"])
  );
}

/** The words of a chat message: its first line, the others, and its addresses. */
export type ChatWords = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly links: readonly string[];
};

/** Returns the words of a chat message; null if a payload is not a chat message, or has no words. */
export function chatWordsOf(payload: unknown): ChatWords | null {
  if (!isJsonObject(payload) || !isMessage(payload)) return null;
  const found: Found = { lines: [], links: [], parts: 0 };
  read(payload, found, 0);
  if (found.lines.length === 0 && typeof payload["summary"] === "string") addText(payload["summary"], found);
  readLinks(payload, found, 0);
  const [title, ...lines] = found.lines;
  return title === undefined ? null : { title, lines, links: found.links };
}
