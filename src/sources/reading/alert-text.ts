import * as z from "zod/mini";
import type { AlertFields } from "../../model/alert.ts";
import { Budget, UNITS_PER_MS } from "../../model/budget.ts";
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

/** The options of every source of alerts. */
export const commonOptions = lazy(() => ({
  title_template: template(),
  description_template: template(),
  expect_every_minutes: expectEveryMinutes(),
}));

/** The work of both templates for one request. They run before the response. */
const MAX_WORK = 100 * UNITS_PER_MS;

type Rendered = { readonly text: string | null; readonly notes: readonly string[] };
type Render = (integration: SourceContext["integration"], data: () => Json, work: Budget) => Rendered;

/** The texts that an integration's templates give for a payload; null if there is no template or its text is blank. */
export type OwnText = {
  readonly title: string | null;
  readonly description: string | null;
  readonly notes: readonly string[];
};
/** `data` returns the payload with all digits. It is called only if there is a template. */
export type WriteText = (integration: SourceContext["integration"], data: () => Json) => OwnText;

function nothing(option: string, why: string): Rendered {
  return { text: null, notes: [`${option}: ${why} The default was used.`] };
}

function prepareRender(option: keyof TemplateOptions, text: string | null): Render {
  if (text === null) return () => ({ text: null, notes: [] });
  const parsed = parseTemplate(text);
  if (!parsed.ok) return () => nothing(option, "It cannot be parsed.");
  return ({ id, name, type }, data, work) => {
    const rendered = renderTemplate(parsed.value, { integration: { id, name, type }, data: data() }, work);
    if (!rendered.ok) return nothing(option, rendered.error);
    const trimmed = rendered.value.trim().toWellFormed();
    return trimmed === "" ? nothing(option, "Its text is blank.") : { text: trimmed, notes: [] };
  };
}

/** Returns a function that renders an integration's own title and description. The templates are parsed once, here. */
export function prepareText(options: TemplateOptions): WriteText {
  const renderTitle = prepareRender("title_template", options.title_template);
  const renderDescription = prepareRender("description_template", options.description_template);
  return (integration, data) => {
    const work = new Budget("template work", MAX_WORK);
    const title = renderTitle(integration, data, work);
    const description = renderDescription(integration, data, work);
    return { title: title.text, description: description.text, notes: [...title.notes, ...description.notes] };
  };
}

/** Joins notes to the one that an event stores. */
export function joinNotes(notes: readonly string[]): string | null {
  return notes.length === 0 ? null : notes.join(" ");
}

/**
 * Returns the alert with the integration's own text, cut to what can be stored. The note says what was cut or failed.
 */
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
  const cut =
    bounded.cut.length === 0 ? [] : [`Cut, because they are too large for an alert: ${bounded.cut.join(", ")}.`];
  return { fields: bounded.fields, note: joinNotes([...notes, ...cut]) };
}
