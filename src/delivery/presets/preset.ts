import * as z from "zod/mini";
import type { NotificationContent } from "./notification-content.ts";

/** One option of a preset. */
export type PresetOption = {
  readonly schema: () => z.ZodMiniType<string>;
  readonly required: boolean;
  /** A secret is stored sealed and never shown. */
  readonly secret: boolean;
};

/** The request that a preset makes of a notification. `body` is written as JSON. */
export type PresetRequest = {
  readonly content_type: string;
  readonly body: object;
  /** The address to call, if it is not the destination's own URL; always on the same host. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The values of a preset's options by name. Options without a value are absent. */
export type PresetValues = Readonly<Record<string, string>>;

export const PRESET_CATEGORIES = ["chat", "incidents", "automation"] as const;
export type PresetCategory = (typeof PRESET_CATEGORIES)[number];

/** A message format of another product. */
export type Preset = {
  readonly title: string;
  readonly category: PresetCategory;
  /** What a delivery does in the product, in one sentence. */
  readonly summary: string;
  readonly options: Readonly<Record<string, PresetOption>>;
  readonly render: (content: NotificationContent, options: PresetValues, url: string) => PresetRequest;
};

/** Returns a request with a body in plain JSON. */
export function json(body: object): PresetRequest {
  return { content_type: "application/json", body };
}

const ESCAPES = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/gu;

/** Writes JSON without unpaired surrogates: `JSON.stringify` keeps them as escapes, which many parsers refuse. */
export function writeJson(body: object): string {
  const text = JSON.stringify(body);
  if (!text.includes("\\ud")) return text;
  return text.replace(ESCAPES, (escape, surrogate: string | undefined) =>
    surrogate === undefined ? escape : "\ufffd",
  );
}

const PRINTABLE = /^[^\p{Cc}]*$/u;

/** Returns the schema of a text on one line. */
export function shortText(maxLength: number) {
  return z.string().check(
    z.minLength(1),
    z.maxLength(maxLength),
    z.refine(
      (text) => text.isWellFormed() && PRINTABLE.test(text),
      "must not contain control characters or broken text",
    ),
  );
}
