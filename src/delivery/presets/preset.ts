import * as z from "zod/mini";
import type { DestinationAuth, Method } from "../../model/destination.ts";
import type { Capture, Captured } from "../../model/captured.ts";
import type { NotificationContent } from "./notification-content.ts";

/** One option of a preset. */
export type PresetOption = {
  readonly schema: () => z.ZodMiniType<string>;
  readonly required: boolean;
  /** A secret is stored sealed and never shown. */
  readonly secret: boolean;
  /** What to enter, in a few words. */
  readonly hint?: string;
};

/** The request that a preset makes of a notification. */
export type PresetRequest = {
  readonly content_type: string;
  /** A text as it is sent, or an object that is written as JSON. */
  readonly body: object | string;
  /** The address to call, if it is not the destination's own URL; always on the same host. */
  readonly url?: string;
  /** The method, if it is not the destination's own. */
  readonly method?: Method;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of the response that are kept for the alert. */
  readonly capture?: Capture;
};

/** The sentence that says why a preset sends nothing for a message. */
export type Skipped = { readonly skipped: string };

/** The values of a preset's options by name. Options without a value are absent. */
export type PresetValues = Readonly<Record<string, string>>;

export const PRESET_CATEGORIES = [
  "chat",
  "incidents",
  "tickets",
  "documents",
  "messages",
  "observability",
  "automation",
] as const;
export type PresetCategory = (typeof PRESET_CATEGORIES)[number];

/** The URL that a destination must have. */
export type PresetAddress = {
  readonly example: string;
  readonly matches: RegExp;
  /** What the URL must be, to follow "must be". */
  readonly must_be: string;
};

/** The `auth` that a destination must have. A header `authorization` of the destination does as well. */
export type PresetAuth = {
  readonly types: readonly DestinationAuth["type"][];
  /** What to enter, in one sentence. */
  readonly hint: string;
};

/** A message format of another product. */
export type Preset = {
  readonly title: string;
  readonly category: PresetCategory;
  /** What a delivery does in the product, in one sentence. */
  readonly summary: string;
  readonly options: Readonly<Record<string, PresetOption>>;
  /** What to do in the product first, as sentences. */
  readonly steps?: readonly string[];
  /** The addresses of the product. Without it, any address is accepted. */
  readonly address?: PresetAddress;
  /** The credentials that the product asks for, if they are not among the options. */
  readonly auth?: PresetAuth;
  /** Whether it uses what the destination captured for the alert, so that the messages of an alert are sent in order. */
  readonly remembers?: true;
  readonly render: (
    content: NotificationContent,
    options: PresetValues,
    url: string,
    captured?: Captured,
  ) => PresetRequest | Skipped;
};

/** Returns a request with a body in plain JSON. */
export function json(body: object): PresetRequest {
  return { content_type: "application/json", body };
}

const ESCAPES = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/gu;

/** Writes JSON without unpaired surrogates: `JSON.stringify` keeps them as escapes, which many parsers refuse. */
export function writeJson(body: object | string): string {
  if (typeof body === "string") return body;
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
