import { SaxesParser } from "saxes";
import type { JsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { XmlElement } from "./xml-element.ts";

/** The content of an XML text. `isMixed`: some element contains text beside elements, and their order is lost. */
export type XmlFields = { readonly fields: JsonObject; readonly isMixed: boolean };

// A repeated element is a map in a list, so that this is half of the nesting that JSON may have.
const MAX_DEPTH = 48;
const MAX_TAGS = 100_000;
const MAX_ATTRIBUTES = 50_000;

// Markup that is neither an element nor text. A document type may only have a name: the entities and defaults that it can
// declare would have to be applied. The last two alternatives match the start of any other declaration, and unclosed markup.
// A repeated group must have an upper bound: the engine keeps a stack entry for each repetition, and its stack overflows.
const MARKUP =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE\s(?:[^<>[\]"']|"[^"<]*"|'[^'<]*'){0,2000}>|<!|<\?/g;
const ATTRIBUTE = /=\s*["']/g;

// The parser looks entities up on a plain object, so that `&constructor;` would find something.
const PREDEFINED: Record<string, string> = Object.assign(Object.create(null), {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
});

// References to unknown entities and to invalid characters stay as they are written. They are no reason to refuse an event.
const TOLERATED: readonly string[] = [
  "undefined entity.",
  "malformed character entity.",
  'the string "]]>" is disallowed in char data.',
];
const DISALLOWED = "disallowed character.";

class XmlReader extends SaxesParser<{ fragment: true }> {
  /** The first error, as a sentence for the sender. */
  fault: string | null = null;
  readonly #source: string;

  constructor(source: string) {
    // Zapier accepts several root elements too.
    super({ fragment: true });
    this.#source = source;
    this.ENTITIES = PREDEFINED;
  }

  /** The parser calls this for every error. Its own messages would quote the body. */
  override fail(message: string): this {
    const isControl = message === DISALLOWED && this.#source[this.position - 1] !== "<";
    if (!isControl && !TOLERATED.includes(message))
      this.fault ??= `The body is not valid XML: it breaks at line ${this.line}.`;
    return this;
  }
}

function hasMoreMatches(most: number, pattern: RegExp, text: string): boolean {
  let count = 0;
  for (const _ of text.matchAll(pattern)) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}

function hasMoreThan(most: number, character: string, text: string): boolean {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}

/** Removes all markup except elements, text and CDATA. Line numbers do not change. */
function withoutMarkup(text: string): Result<string, string> {
  let plain = "";
  let end = 0;
  let doctypes = 0;
  for (const { 0: markup, index } of text.matchAll(MARKUP)) {
    // Stop at the first of these: each search would go to the end of the text.
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

/** Parses root elements and text as the content of one element. After the first error nothing more is added. */
function readElements(text: string): Result<XmlElement, string> {
  const reader = new XmlReader(text);
  const whole = new XmlElement();
  const open = [whole];
  let current = whole;
  reader.on("opentagstart", () => {
    if (open.length > MAX_DEPTH) reader.fault ??= `The body nests XML elements more than ${MAX_DEPTH} deep.`;
    if (reader.fault !== null) return;
    current = new XmlElement();
    open.push(current);
  });
  reader.on("attribute", ({ name, value }) => current.addAttribute(name, value));
  reader.on("text", (text) => current.addText(text));
  reader.on("cdata", (text) => current.addCdata(text));
  reader.on("closetag", ({ name }) => {
    if (reader.fault !== null) return;
    const closed = current;
    open.pop();
    current = open.at(-1) ?? whole;
    current.addElement(name, closed);
  });
  reader.write(text).close();
  return reader.fault === null ? ok(whole) : fail(reader.fault);
}

/** Parses XML from an untrusted sender. The error is a sentence for the sender. */
export function readXml(text: string): Result<XmlFields, string> {
  if (hasMoreThan(MAX_TAGS, "<", text)) return fail(`The body has more than ${MAX_TAGS} XML tags.`);
  if (hasMoreThan(MAX_ATTRIBUTES, "=", text) && hasMoreMatches(MAX_ATTRIBUTES, ATTRIBUTE, text)) {
    return fail(`The body has more than ${MAX_ATTRIBUTES} XML attributes.`);
  }
  const plain = withoutMarkup(text);
  if (!plain.ok) return plain;
  const parsed = readElements(plain.value);
  if (!parsed.ok) return parsed;
  const fields = parsed.value.elements();
  if (fields === null) return fail("The body is not valid XML: there is no element in it.");
  if (parsed.value.hasText()) return fail("The body is not valid XML: there is text outside of its elements.");
  return ok({ fields, isMixed: parsed.value.isMixed });
}
