import type { Json, JsonObject } from "../../model/json.ts";

const TEXT = "#text";

/** An element of an XML text while it is read: its attributes, its elements and the text between them. */
export class XmlElement {
  /** Whether text stands beside elements in it or in an element of it. */
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

  /** Adds an element; of one name there may be several, which make a list. */
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

  /** Its elements alone; null where there is none. */
  elements(): JsonObject | null {
    return this.#hasElements && this.#members !== null ? Object.fromEntries(this.#members) : null;
  }

  /** Its text alone, or a map of its attributes, its elements and, as `#text`, the text between them. */
  value(): Json {
    // CDATA is as it is written, unless it stands among elements.
    const text = this.#hasElements || !this.#hasCdata ? this.#text.trim() : this.#text;
    if (this.#members === null) return text;
    if (text !== "") this.#members.set(TEXT, text);
    this.isMixed ||= this.#hasElements && text !== "";
    // Object.fromEntries makes `__proto__` a key like any other.
    return Object.fromEntries(this.#members);
  }
}
