import { ClientError, type DestinationPayload, type DestinationPayloadInput } from "../../client/index.ts";
import { fieldErrorsOf } from "../forms/field-errors.ts";
import { type Preset, isPresetName } from "./kinds.ts";

export const MODES = ["envelope", "original", "template", "preset"] as const;

export type PayloadDraft = {
  readonly mode: (typeof MODES)[number];
  readonly content_type: string;
  readonly body: string;
  readonly preset: string;
  /** An empty option keeps a stored secret. */
  readonly options: Readonly<Record<string, string>>;
};

const EXAMPLE = `{
  "text": {{ data.alert.title | json }},
  "event": {{ type | json }}
}`;

export function payloadDraftOf(payload: DestinationPayload): PayloadDraft {
  const empty = { content_type: "application/json", body: EXAMPLE, preset: "", options: {} };
  switch (payload.mode) {
    case "envelope":
    case "original":
      return { ...empty, mode: payload.mode };
    case "template":
    case "preset":
      return { ...empty, ...payload };
  }
}

/** Returns what the API accepts; null if no known preset is chosen yet. */
export function payloadInputOf(draft: PayloadDraft, presets: readonly Preset[]): DestinationPayloadInput | null {
  const { mode, content_type, body } = draft;
  switch (mode) {
    case "envelope":
    case "original":
      return { mode };
    case "template":
      return { mode, content_type, body };
    case "preset": {
      const preset = presets.find(({ name }) => name === draft.preset);
      if (preset === undefined || !isPresetName(draft.preset, presets)) return null;
      const known = preset.options.map(({ name }) => name);
      const options = Object.entries(draft.options).filter(([name, value]) => value !== "" && known.includes(name));
      return { mode, preset: draft.preset, options: Object.fromEntries(options) };
    }
  }
}

/** The line that a message of the template engine or the JSON parser names, from 1; 1 if it names none. */
export function lineIn(message: string): number {
  return Number(/\bline[: ]\s*(\d+)/u.exec(message)?.[1] ?? 1);
}

/** What is wrong with the template, at its line. */
export function templateProblems(error: unknown) {
  return [...fieldErrorsOf(error)]
    .filter(([path]) => path === "payload.body")
    .map(([, message]) => ({ line: lineIn(message), message }));
}

export function messageOf(error: unknown): string {
  return error instanceof ClientError ? error.message : "The dashboard failed to show the preview.";
}
