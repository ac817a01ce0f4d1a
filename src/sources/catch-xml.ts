import { XMLParser, XMLValidator } from "fast-xml-parser";
import { type Json, type JsonObject, isJsonObject } from "../model/json.ts";
import { type Result, fail, ok } from "../model/result.ts";

/** What an XML text says. `isMixed`: text stands beside elements somewhere, and the order of the two is lost. */
export type XmlFields = { readonly fields: JsonObject; readonly isMixed: boolean };

// An element that is repeated is a map in a list: half of what JSON may nest.
const DEEPEST = 48;
const MOST_TAGS = 100_000;
const MOST_ATTRIBUTES = 50_000;

const TEXT = "#text";
const CDATA = "#cdata";
const ATTRIBUTES = ":@";
// Before every element's name, so that no name is one that the parser refuses or keeps for itself.
const ELEMENT = "<";
// Around the whole, for Zapier takes several elements side by side as well.
const WRAPPER = "x";

// What is not an element or text. Of document types only one that has just a name: what it declares (entities, defaults)
// would have to be carried out. The last two are the start of any other declaration, and of what does not end.
const MARKUP =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE\s(?:[^<>[\]"']|"[^"<]*"|'[^'<]*')*>|<!|<\?/g;
const ATTRIBUTE = /=\s*["']/g;

const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g;
const PREDEFINED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function characterOf(code: number): string | null {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code === 0 || code > 0x10ffff || isSurrogate ? null : String.fromCodePoint(code);
}

/** Puts the five predefined and the numeric references in; any other stays as it was written. */
function decodeReferences(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(REFERENCE, (written: string, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return PREDEFINED[name] ?? written;
    return characterOf(decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal)) ?? written;
  });
}

function refuseEntities(): never {
  throw new Error("An XML text may not declare entities.");
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  textNodeName: TEXT,
  cdataPropName: CDATA,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // A path as text for every element would cost the depth times the length of the names.
  jPath: false,
  maxNestedTags: DEEPEST,
  // It asks twice for an element that closes itself.
  transformTagName: (name) => (name.startsWith(ELEMENT) ? name : ELEMENT + name),
  entityDecoder: {
    decode: decodeReferences,
    addInputEntities: refuseEntities,
    setExternalEntities: refuseEntities,
    setXmlVersion: () => {},
    reset: () => {},
  },
});

function hasMoreThan(most: number, character: string, text: string): boolean {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}

/** The text with nothing but elements, text and CDATA in it, its lines where they were. */
function withoutMarkup(text: string): Result<string, string> {
  let plain = "";
  let end = 0;
  let doctypes = 0;
  for (const { 0: markup, index } of text.matchAll(MARKUP)) {
    // The first of these has to be the last: each is looked for to the end of the text.
    if (markup === "<?") return fail("The body is not valid XML: a processing instruction does not end.");
    if (markup.startsWith("<!DOCTYPE")) doctypes += 1;
    if (markup === "<!" || doctypes > 1) {
      return fail(
        "The body is not XML that is taken: its document type declares something, or a comment does not end.",
      );
    }
    if (markup.startsWith("<![")) continue;
    plain += text.slice(end, index) + markup.replaceAll(/[^\n]+/g, "");
    end = index + markup.length;
  }
  return ok(plain + text.slice(end));
}

type Content = { readonly value: Json; readonly isMixed: boolean };

const EMPTY: Content = { value: "", isMixed: false };

/** Adds an element to a map; of one name there may be several, which make a list. */
function add(members: Map<string, Json>, lists: Map<string, Json[]>, name: string, value: Json): void {
  const before = members.get(name);
  if (before === undefined) {
    members.set(name, value);
    return;
  }
  const list = lists.get(name);
  if (list !== undefined) {
    list.push(value);
    return;
  }
  const items = [before, value];
  members.set(name, items);
  lists.set(name, items);
}

/** What an element holds: its text alone, or a map of its attributes, its elements and (`#text`) the text between them. */
function contentOf(children: readonly Json[], attributes: Json | undefined): Content {
  if (attributes === undefined && children.length === 0) return EMPTY;
  const members = new Map<string, Json>(isJsonObject(attributes) ? Object.entries(attributes) : []);
  const lists = new Map<string, Json[]>();
  let text = "";
  let hasElements = false;
  let hasCdata = false;
  let isMixed = false;
  for (const child of children) {
    if (!isJsonObject(child)) continue;
    // One key says what it is; the parser puts it before those of the attributes.
    for (const name in child) {
      const held = child[name] ?? null;
      if (name === TEXT && typeof held === "string") {
        text += held;
      } else if (name === CDATA) {
        hasCdata = true;
        text += textOf(held);
      } else if (name.startsWith(ELEMENT)) {
        hasElements = true;
        const content = contentOf(listOf(held), child[ATTRIBUTES]);
        isMixed ||= content.isMixed;
        add(members, lists, name.slice(ELEMENT.length), content.value);
      }
      break;
    }
  }
  if (hasElements || !hasCdata) text = text.trim();
  if (members.size === 0) return { value: text, isMixed };
  if (text !== "") members.set(TEXT, text);
  return { value: Object.fromEntries(members), isMixed: isMixed || (hasElements && text !== "") };
}

function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

function listOf(value: unknown): readonly Json[] {
  return isList(value) ? value : [];
}

function textOf(cdata: Json): string {
  return listOf(cdata)
    .map((piece) => (isJsonObject(piece) && typeof piece[TEXT] === "string" ? piece[TEXT] : ""))
    .join("");
}

function parse(text: string): Result<readonly Json[], string> {
  try {
    return ok(listOf(parser.parse(text)));
  } catch {
    // All else has been checked. The parser's own message would quote the body.
    return fail(`The body nests XML elements more than ${DEEPEST} deep.`);
  }
}

/** Parses XML from a stranger; the error is a sentence for the sender. */
export function readXml(text: string): Result<XmlFields, string> {
  if (hasMoreThan(MOST_TAGS, "<", text)) return fail(`The body has more than ${MOST_TAGS} XML tags.`);
  if (hasMoreThan(MOST_ATTRIBUTES, "=", text) && (text.match(ATTRIBUTE)?.length ?? 0) > MOST_ATTRIBUTES) {
    return fail(`The body has more than ${MOST_ATTRIBUTES} XML attributes.`);
  }
  const plain = withoutMarkup(text);
  if (!plain.ok) return plain;
  const wrapped = `<${WRAPPER}>${plain.value}</${WRAPPER}>`;
  // oxlint-disable-next-line typescript/no-deprecated -- The parser alone takes tags that do not match; the successor is another package.
  const verdict = XMLValidator.validate(wrapped);
  if (verdict !== true) return fail(`The body is not valid XML: it breaks at line ${verdict.err.line}.`);
  const parsed = parse(wrapped);
  if (!parsed.ok) return parsed;
  const { value, isMixed } = contentOf(parsed.value, undefined);
  const fields = isJsonObject(value) ? value[WRAPPER] : undefined;
  if (!isJsonObject(fields)) return fail("The body is not valid XML: there is no element in it.");
  if (Object.hasOwn(fields, TEXT)) return fail("The body is not valid XML: there is text outside of its elements.");
  return ok({ fields, isMixed });
}
