import * as z from "zod/mini";
import type { Story } from "./message.ts";

/** One thing that a preset wants to be told. */
export type PresetOption = {
  readonly schema: () => z.ZodMiniType<string>;
  readonly required: boolean;
  /** Kept sealed, and never shown. */
  readonly secret: boolean;
};

/** What a preset makes of an event: a value to be written as JSON. */
export type Rendered = {
  readonly content_type: string;
  readonly body: object;
  /** Where it goes, if not to the destination's own URL; on the same host. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The settled options by name; those that were not given are not there. */
export type PresetValues = Readonly<Record<string, string>>;

/** A tool's own shape of a message. */
export type Preset = {
  readonly options: Readonly<Record<string, PresetOption>>;
  readonly render: (story: Story, options: PresetValues, url: string) => Rendered;
};

/** A body in plain JSON. */
export function json(body: object): Rendered {
  return { content_type: "application/json", body };
}

const ESCAPES = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/gu;

/** A body as JSON without unpaired surrogates, which `JSON.stringify` keeps as escapes and many parsers refuse. */
export function writeJson(body: object): string {
  const text = JSON.stringify(body);
  if (!text.includes("\\ud")) return text;
  return text.replace(ESCAPES, (escape, surrogate: string | undefined) =>
    surrogate === undefined ? escape : "\ufffd",
  );
}

const PRINTABLE = /^[^\p{Cc}]*$/u;

/** A short text on one line. */
export function shortText(most: number) {
  return z.string().check(
    z.minLength(1),
    z.maxLength(most),
    z.refine((text) => text.isWellFormed() && PRINTABLE.test(text), "may not hold control characters or broken text"),
  );
}
