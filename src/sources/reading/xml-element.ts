import type { Json, JsonObject } from "../../model/json.ts";

const TEXT = "#text";

/** An XML element while it is parsed: its attributes, its child elements and the text between them. */
export class XmlElement {
  /** True if it, or a descendant, contains text beside elements. */
  isMixed = false;
  #text = "";
  #hasElements = false;
  #hasCdata = false;
  #members: Map<string, Json> | null = null;
  #lists: Map<string, Json[]> | null = null;

  addAttribute(name: string, value: string): void {
    this.#members ??= new Map();
    this.#members.set(`@${name}`, value);
  }

  addText(text: string): void {
    this.#text += text;
  }

  addCdata(text: string): void {
    this.#hasCdata = true;
    this.#text += text;
  }

  /** Adds a child element. Several with the same name become a list. */
  addElement(name: string, element: XmlElement): void {
    const value = element.value();
    this.#hasElements = true;
    this.isMixed ||= element.isMixed;
    this.#members ??= new Map();
    const before = this.#members.get(name);
    if (before === undefined) {
      this.#members.set(name, value);
      return;
    }
    const list = this.#lists?.get(name);
    if (list !== undefined) {
      list.push(value);
      return;
    }
    const items = [before, value];
    this.#members.set(name, items);
    this.#lists ??= new Map();
    this.#lists.set(name, items);
  }

  hasText(): boolean {
    return this.#text.trim() !== "";
  }

  /** Returns its child elements; null if there are none. */
  elements(): JsonObject | null {
    return this.#hasElements && this.#members !== null ? Object.fromEntries(this.#members) : null;
  }

  /** Returns its text, or a map of its attributes, its child elements and, as `#text`, the text between them. */
  value(): Json {
    // CDATA is not trimmed, unless it is beside elements.
    const text = this.#hasElements || !this.#hasCdata ? this.#text.trim() : this.#text;
    if (this.#members === null) return text;
    if (text !== "") this.#members.set(TEXT, text);
    this.isMixed ||= this.#hasElements && text !== "";
    // Object.fromEntries treats `__proto__` as a normal key.
    return Object.fromEntries(this.#members);
  }
}
