import { SaxesParser } from "saxes";
import type { JsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { XmlElement } from "./xml-element.ts";

/** What an XML text says. `isMixed`: text stands beside elements somewhere, and the order of the two is lost. */
export type XmlFields = { readonly fields: JsonObject; readonly isMixed: boolean };

// An element that is repeated is a map in a list: half of what JSON may nest.
const DEEPEST = 48;
const MAX_TAGS = 100_000;
const MAX_ATTRIBUTES = 50_000;

// What is not an element or text. Of document types only one that has just a name: what it declares (entities, defaults)
// would have to be carried out. The last two are the start of any other declaration, and of what does not end.
const MARKUP =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE\s(?:[^<>[\]"']|"[^"<]*"|'[^'<]*')*>|<!|<\?/g;
const ATTRIBUTE = /=\s*["']/g;

// The parser would also look these up in what every object has: `&constructor;`.
const PREDEFINED: Record<string, string> = Object.assign(Object.create(null), {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
});

// References to what is not known or no character stay as they are written; the rest is no reason to lose an event.
const TOLERATED: readonly string[] = [
  "undefined entity.",
  "malformed character entity.",
  'the string "]]>" is disallowed in char data.',
];
const DISALLOWED = "disallowed character.";

class XmlReader extends SaxesParser<{ fragment: true }> {
  /** What is wrong first, as a sentence for the sender. */
  fault: string | null = null;
  readonly #source: string;

  constructor(source: string) {
    // Zapier takes several elements side by side as well.
    super({ fragment: true });
    this.#source = source;
    this.ENTITIES = PREDEFINED;
  }

  /** The parser calls this for whatever is wrong. Its own messages would quote the body. */
  override fail(message: string): this {
    const isControl = message === DISALLOWED && this.#source[this.position - 1] !== "<";
    if (!isControl && !TOLERATED.includes(message))
      this.fault ??= `The body is not valid XML: it breaks at line ${this.line}.`;
    return this;
  }
}

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

/** What stands side by side in a text, as the content of one element. Once something is wrong nothing more is built. */
function readElements(text: string): Result<XmlElement, string> {
  const reader = new XmlReader(text);
  const whole = new XmlElement();
  const open = [whole];
  let current = whole;
  reader.on("opentagstart", () => {
    if (open.length > DEEPEST) reader.fault ??= `The body nests XML elements more than ${DEEPEST} deep.`;
    if (reader.fault !== null) return;
    current = new XmlElement();
    open.push(current);
  });
  reader.on("attribute", ({ name, value }) => current.addAttribute(name, value));
  reader.on("text", (said) => current.addText(said));
  reader.on("cdata", (said) => current.addCdata(said));
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

/** Parses XML from a stranger; the error is a sentence for the sender. */
export function readXml(text: string): Result<XmlFields, string> {
  if (hasMoreThan(MAX_TAGS, "<", text)) return fail(`The body has more than ${MAX_TAGS} XML tags.`);
  if (hasMoreThan(MAX_ATTRIBUTES, "=", text) && (text.match(ATTRIBUTE)?.length ?? 0) > MAX_ATTRIBUTES) {
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
