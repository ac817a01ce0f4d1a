import type { Capture } from "../../../model/captured.ts";
import type { Method } from "../../../model/destination.ts";
import type { PresetAddress, PresetAuth, PresetCategory } from "../preset.ts";
import type { EscapeName } from "./escapes.ts";

// A preset as data. Its body is a tree of JSON whose leaves say what is written there. A leaf without a value is left out,
// together with its key.

/**
 * A text made of a pattern such as `[{headline}] {title}`. Values are escaped, the rest of the pattern is not. Paragraphs of the
 * pattern whose values are all empty are left out. A text that is too long is cut, never within a character or an escape.
 */
export type TextLeaf = {
  readonly $: "text";
  readonly pattern: string;
  readonly max: number;
  readonly unit: "characters" | "bytes";
  readonly escape: EscapeName;
  /** Writes the values into a block of code, which contains no markup. */
  readonly is_fenced: boolean;
  /** Writes an empty text instead of leaving it out. */
  readonly is_kept: boolean;
  /** Cuts without an ellipsis, for words that may contain few characters. */
  readonly is_word: boolean;
};

export type Listed = "tags" | "facts" | `options.${string}`;

export type Choice = "urgency" | "step";

export type Leaf =
  | TextLeaf
  /** A value for each urgency or step. `none`: the message has no urgency. */
  | { readonly $: "choice"; readonly of: Choice; readonly values: Readonly<Record<string, Tree>> }
  | { readonly $: "option"; readonly name: string; readonly as: "text" | "number" | "list" }
  /** A value that the request of `created` captured. */
  | { readonly $: "captured"; readonly name: string }
  | { readonly $: "time"; readonly unit: "seconds" | "milliseconds" | "nanoseconds" }
  /**
   * A list with an entry for each tag, fact, or part of an option with commas. In the texts of the entry are `{tag}` and `{word}`,
   * `{label}` and `{text}`, or `{part}`. `{word}` is the tag without spaces.
   */
  | { readonly $: "each"; readonly of: Listed; readonly max: number; readonly entry: Tree }
  /** A map of the facts by their labels. */
  | { readonly $: "facts"; readonly label: TextLeaf; readonly text: TextLeaf }
  /** A part that is left out if the message does not have the value. */
  | { readonly $: "when"; readonly has: string; readonly tree: Tree }
  /** The first of these that has a value. */
  | { readonly $: "first"; readonly trees: readonly Tree[] }
  /** The envelope, or as text the JSON of a tree. */
  | { readonly $: "envelope" }
  | { readonly $: "json"; readonly tree: Tree };

export type Tree = string | number | boolean | null | Leaf | readonly Tree[] | { readonly [name: string]: Tree };

/** A part of a multipart body: a field, or with `filename` a file. */
export type Part = {
  readonly name?: string;
  readonly filename?: TextLeaf;
  readonly content_type?: string;
  readonly value: Tree;
};

/** How a body is written. */
export type Format =
  | { readonly format?: "json"; readonly content_type?: string; readonly body: Tree }
  | { readonly format: "form"; readonly body: Readonly<Record<string, Tree>> }
  | { readonly format: "multipart" | "related"; readonly parts: readonly Part[] };

export type RequestData = Format & {
  readonly method?: Method;
  /** Follows the destination's URL, unless that ends with it already. Values in braces are encoded. `delivery_id` is one of them. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
};

/**
 * What happens to an alert. Messages without an alert open something, as `created` does, or resolve it. `any` is for those that a
 * preset does not list. For a moment without a request, nothing is sent.
 */
export const MOMENTS = ["created", "updated", "acknowledged", "resolved"] as const;
export type Moment = (typeof MOMENTS)[number];
export type Requests = Readonly<Partial<Record<Moment | "any", RequestData>>>;

/** A request about what `created` made. Values such as `captured.issue_key` are in its patterns. */
export type FollowUp = RequestData & {
  /** Without this option, the next one is sent. */
  readonly needs?: string;
};

/** What follows on the request of `created`, once the alert has the values of its response. The first one that fits is sent. */
export type Ticket = {
  readonly capture: Capture;
  readonly follow_ups: Readonly<Partial<Record<Exclude<Moment, "created">, readonly FollowUp[]>>>;
};

export type OptionData = {
  /** To follow "must be" in an error. */
  readonly must_be: string;
  readonly matches: RegExp;
  readonly hint: string;
  /** For the page and the tests. */
  readonly example: string;
  readonly is_required?: true;
  readonly is_secret?: true;
};

export type PresetData = {
  readonly title: string;
  readonly category: PresetCategory;
  readonly summary: string;
  /** The vendor's page that documents the request. */
  readonly source: string;
  /** What to do in the product, as sentences. */
  readonly steps: readonly string[];
  readonly address: PresetAddress;
  readonly auth?: PresetAuth;
  readonly options: Readonly<Record<string, OptionData>>;
  /** Patterns. A header that needs an option without a value is left out. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly requests: Requests;
  readonly ticket?: Ticket;
};

type TextOptions = Partial<Pick<TextLeaf, "unit" | "escape" | "is_fenced" | "is_kept" | "is_word">>;

/** A text of at most `max` characters or bytes. */
export function text(pattern: string, max: number, options: TextOptions = {}): TextLeaf {
  const usual = { unit: "characters", escape: "plain", is_fenced: false, is_kept: false, is_word: false } as const;
  return { $: "text", pattern, max, ...usual, ...options };
}

/** A tag as one word of at most `max` characters. */
export function word(max: number): TextLeaf {
  return text("{word}", max, { is_word: true });
}

export function byUrgency(values: Readonly<Record<"critical" | "high" | "medium" | "low" | "none", Tree>>): Leaf {
  return { $: "choice", of: "urgency", values };
}

export function byStep(values: Readonly<Record<"open" | "acknowledge" | "resolve", Tree>>): Leaf {
  return { $: "choice", of: "step", values };
}

/** The value of an option: a text, a number, or the parts of a text with commas. */
export function option(name: string, as: "text" | "number" | "list" = "text"): Leaf {
  return { $: "option", name, as };
}

/** A value that the request of `created` captured. */
export function captured(name: string): Leaf {
  return { $: "captured", name };
}

export function time(unit: "seconds" | "milliseconds" | "nanoseconds"): Leaf {
  return { $: "time", unit };
}

export function each(of: Listed, max: number, entry: Tree): Leaf {
  return { $: "each", of, max, entry };
}

export function factMap(maxLabel: number, maxText: number): Leaf {
  return { $: "facts", label: text("{label}", maxLabel), text: text("{text}", maxText) };
}

export function when(has: string, tree: Tree): Leaf {
  return { $: "when", has, tree };
}

/** The first of these that has a value. */
export function firstOf(...trees: readonly Tree[]): Leaf {
  return { $: "first", trees };
}

/** A tree as a text of JSON. */
export function jsonText(tree: Tree): Leaf {
  return { $: "json", tree };
}

export const ENVELOPE: Leaf = { $: "envelope" };

/** The whole message as paragraphs. What matters most comes first, because the end is cut off. */
export const MESSAGE = "[{headline}] {title}\n\n{link}\n\n{description}\n\n{facts}";
/** The same for text messages. */
export const SHORT_MESSAGE = "[{headline}] {title}\n\n{link}\n\n{description}";
/** The same for products with a title of their own. */
export const DETAILS = "{link}\n\n{description}\n\n{facts}";
