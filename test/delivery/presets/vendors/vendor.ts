import * as z from "zod/mini";
import type { Moment } from "../../../../src/delivery/presets/data/preset-data.ts";

/** What a vendor documents about the requests that it accepts. Every number and name is the vendor's, not the preset's. */
export type Vendor = {
  readonly method?: string;
  readonly url: RegExp;
  readonly headers?: Readonly<Record<string, RegExp>>;
  readonly format?: "json" | "form" | "form-data" | "related";
  readonly content_type?: string;
  /** When a request is sent; by default always. */
  readonly moments?: readonly Moment[];
  /** Of the JSON, or of the fields of a form. */
  readonly body: z.ZodMiniType;
  /** The most bytes of a body. */
  readonly max_bytes?: number;
  /** Texts in which the vendor reads markup, by their place. */
  readonly markup?: Readonly<Record<string, Markup>>;
  /** Texts that are exactly as long as this if the sender's are too long, by their place. */
  readonly cut: Readonly<Record<string, number>>;
  /** The unit of `cut`. */
  readonly unit?: "characters" | "bytes";
};

export type Markup = "markdown" | "forge" | "html" | "fence" | "mentions";

const encoder = new TextEncoder();

/** A text that is not empty, of at most so many characters. */
export function upTo(characters: number) {
  return z.string().check(z.minLength(1), z.maxLength(characters));
}

/** A text that is not empty, of at most so many bytes. */
export function bytesUpTo(bytes: number) {
  return z.string().check(
    z.minLength(1),
    z.refine((text) => encoder.encode(text).byteLength <= bytes),
  );
}

export function oneOf<const T extends string>(...names: readonly T[]) {
  return z.enum(names);
}

export const MAIL = z.string().check(z.regex(/^[^\s@]+@[^\s@]+$/));
export const LINK = z.string().check(z.regex(/^https?:\/\/\S{1,2000}$/));
/** A tag without spaces. */
export const WORD = z.string().check(z.regex(/^[^\s,]{1,255}$/u));
export const ONLY_CREATED = ["created"] as const;
export const WITHOUT_ACKNOWLEDGED = ["created", "updated", "resolved"] as const;

/** Returns what is wrong with a text in which a vendor reads markup. */
export function markupFault(text: string, markup: Markup): string | null {
  const bare = text.replaceAll(/https?:\/\/[^\s…]*/g, "").replaceAll("[Alert] ", "");
  switch (markup) {
    case "mentions":
      return /@(?!\u200b)/.test(bare) ? "mentions somebody" : null;
    case "markdown":
    case "forge": {
      if (/@(?!\u200b)/.test(text)) return "mentions somebody";
      const unescaped = bare.replaceAll(/\\[\s\S]/g, "").replace(/^\[[^\]]*\] /, "");
      if (/[*_~`|[\]<>]/.test(unescaped)) return "has markup";
      if (/\\$|\\…$/.test(text)) return "is cut within an escape";
      if (markup === "markdown") return null;
      return /[#!$%^&](?!\u200b)/.test(bare) || /^\//m.test(bare) ? "has a reference or a command" : null;
    }
    case "html": {
      const withoutTags = text.replaceAll(/<\/?(?:p|br)>/g, "");
      if (/[<>"']/.test(withoutTags)) return "has markup";
      return /&(?!(?:amp|lt|gt|quot|#39);)/.test(withoutTags) ? "is cut within an escape" : null;
    }
    case "fence": {
      const fence = /^(`{3,})text\n/.exec(text)?.[1];
      if (fence === undefined || !text.endsWith(`\n${fence}`)) return "is not in a block of code";
      return text.slice(fence.length, -fence.length).includes(fence) ? "ends the block of code" : null;
    }
  }
}
