import * as z from "zod/mini";
import type { AlertFields } from "../../model/alert.ts";
import type { TemplateOptions } from "../../model/integration.ts";
import type { Json } from "../../model/json.ts";
import { lazy } from "../../model/lazy.ts";
import { parseTemplate, renderTemplate } from "../../templates/liquid.ts";
import { SAFE_BYTES, boundAlertFields } from "./bounds.ts";
import { type SourceContext, type SourceRequest, expectEveryMinutes } from "../source.ts";

const template = lazy(() =>
  z._default(
    z.nullable(
      z.string().check(
        z.superRefine((text, context) => {
          const parsed = parseTemplate(text);
          if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.error });
        }),
      ),
    ),
    null,
  ),
);

/** The options that every alerting source has. */
export const commonOptions = lazy(() => ({
  title_template: template(),
  description_template: template(),
  expect_every_minutes: expectEveryMinutes(),
}));

type Rendered = { readonly text: string | null; readonly notes: readonly string[] };
type Render = (integration: SourceContext["integration"], data: Json) => Rendered;

/** What an integration's templates make of a payload: null where there is none, or where nothing came of it. */
export type OwnText = {
  readonly title: string | null;
  readonly description: string | null;
  readonly notes: readonly string[];
};
export type WriteText = (integration: SourceContext["integration"], data: Json) => OwnText;

function nothing(option: string, why: string): Rendered {
  return { text: null, notes: [`${option}: ${why} The default was used.`] };
}

function prepareRender(option: keyof TemplateOptions, text: string | null): Render {
  if (text === null) return () => ({ text: null, notes: [] });
  const parsed = parseTemplate(text);
  if (!parsed.ok) return () => nothing(option, "It cannot be read.");
  return ({ id, name, type }, data) => {
    const rendered = renderTemplate(parsed.value, { integration: { id, name, type }, data });
    if (!rendered.ok) return nothing(option, rendered.error);
    const trimmed = rendered.value.trim().toWellFormed();
    return trimmed === "" ? nothing(option, "It gave a blank text.") : { text: trimmed, notes: [] };
  };
}

/** Makes an integration's own title and description by its templates, which are parsed here. */
export function prepareText(options: TemplateOptions): WriteText {
  const renderTitle = prepareRender("title_template", options.title_template);
  const renderDescription = prepareRender("description_template", options.description_template);
  return (integration, data) => {
    const title = renderTitle(integration, data);
    const description = renderDescription(integration, data);
    return { title: title.text, description: description.text, notes: [...title.notes, ...description.notes] };
  };
}

/** Notes as an event keeps them. */
export function joinNotes(notes: readonly string[]): string | null {
  return notes.length === 0 ? null : notes.join(" ");
}

/** An alert with its own text in place of the source's, cut to what can be kept; the note says what was not as wished. */
export function finishAlert(
  fields: AlertFields,
  text: OwnText,
  request: SourceRequest,
): { readonly fields: AlertFields; readonly note: string | null } {
  const { title, description, notes } = text;
  const written = { ...fields, title: title ?? fields.title, description: description ?? fields.description };
  const isSmall = title === null && description === null && request.body.byteLength + request.query.length < SAFE_BYTES;
  if (isSmall) return { fields: written, note: joinNotes(notes) };
  const bounded = boundAlertFields(written);
  const cut = bounded.cut.length === 0 ? [] : [`Too large for an alert, and cut: ${bounded.cut.join(", ")}.`];
  return { fields: bounded.fields, note: joinNotes([...notes, ...cut]) };
}
