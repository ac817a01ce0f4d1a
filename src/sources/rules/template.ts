import type { Budget } from "../../model/budget.ts";
import { type Json, type JsonObject, isJsonObject } from "../../model/json.ts";
import type { FieldError } from "../../model/result.ts";
import type { TemplateValue } from "./sets/rule-set.ts";
import { parseTemplate, renderTemplate } from "../../templates/liquid.ts";

/** The item of a request that templates are rendered for. */
export type RenderInput = {
  readonly scope: JsonObject;
  /** Bounds the templates of the whole request. */
  readonly budget: Budget;
  /** Notes for the event. Rendering adds to them. */
  readonly notes: string[];
};

/** Returns the rendered text, trimmed; "" if rendering failed. */
export type Text = (input: RenderInput) => string;
export type Value = (input: RenderInput) => Json;

const MAX_DEPTH = 10;

function constant(text: string): Text {
  const trimmed = text.trim().toWellFormed();
  return () => trimmed;
}

/** Compiles a template and adds its faults to the errors. `at` is its path in the options. */
export function compileText(value: TemplateValue | undefined, at: string, errors: FieldError[]): Text {
  if (typeof value !== "string" || !/\{[{%]/.test(value)) return constant(String(value ?? ""));
  const template = parseTemplate(value);
  if (!template.ok) {
    errors.push({ path: at, message: template.error });
    return constant("");
  }
  return ({ scope, budget, notes }) => {
    const rendered = renderTemplate(template.value, scope, budget);
    if (rendered.ok) return rendered.value.trim().toWellFormed();
    notes.push(`${at}: ${rendered.error}`);
    return "";
  };
}

/** Compiles a list of templates. A single template is a list of one. */
export function compileTexts(
  values: TemplateValue | readonly TemplateValue[] | undefined,
  at: string,
  errors: FieldError[],
): (input: RenderInput) => readonly string[] {
  const isOne = typeof values === "string" || typeof values === "number" || typeof values === "boolean";
  const texts = isOne
    ? [compileText(values, at, errors)]
    : (values ?? []).map((value, index) => compileText(value, `${at}[${index}]`, errors));
  return (input) => texts.map((text) => text(input)).filter((text) => text !== "");
}

/** Compiles a value. Every text in it is a template. */
export function compileValue(value: Json, at: string, errors: FieldError[], depth = 0): Value {
  if (typeof value === "string") return compileText(value, at, errors);
  if (typeof value !== "object" || value === null) return () => value;
  if (depth === MAX_DEPTH) {
    errors.push({ path: at, message: `must nest at most ${MAX_DEPTH} levels deep` });
    return () => null;
  }
  if (!isJsonObject(value)) {
    const items = value.map((item, index) => compileValue(item, `${at}[${index}]`, errors, depth + 1));
    return (input) => items.map((item) => item(input));
  }
  return compileMap(value, at, errors, depth + 1);
}

/** Compiles a map. Every text in it is a template, except its keys. */
export function compileMap(
  map: JsonObject,
  at: string,
  errors: FieldError[],
  depth = 0,
): (input: RenderInput) => JsonObject {
  const members = Object.entries(map).map(([name, value]): [string, Value] => [
    name,
    compileValue(value, `${at}.${name}`, errors, depth),
  ]);
  return (input) => Object.fromEntries(members.map(([name, value]) => [name, value(input)]));
}
