import type { Budget } from "../../model/budget.ts";
import { type Json, type JsonObject, isJsonObject } from "../../model/json.ts";
import type { FieldError } from "../../model/result.ts";
import type { TemplateValue } from "./sets/rule-set.ts";
import { parseTemplate, renderTemplate } from "../../templates/liquid.ts";

/** One item of a request for which templates are filled in. */
export type Filling = {
  readonly scope: JsonObject;
  /** Bounds the templates of the whole request. */
  readonly budget: Budget;
  /** What is to be told of it; filling in adds to it. */
  readonly notes: string[];
};

/** Gives a text without the space around it, blank where it could not be filled in. */
export type Text = (filling: Filling) => string;
export type Value = (filling: Filling) => Json;

const DEEPEST = 10;

function constant(text: string): Text {
  const trimmed = text.trim().toWellFormed();
  return () => trimmed;
}

/** Compiles a template; what is wrong with it is added to the errors. `at` is its place in the options. */
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

/** Compiles the templates of a list; a single one is a list of one. */
export function compileTexts(
  values: TemplateValue | readonly TemplateValue[] | undefined,
  at: string,
  errors: FieldError[],
): (filling: Filling) => readonly string[] {
  const isOne = typeof values === "string" || typeof values === "number" || typeof values === "boolean";
  const texts = isOne
    ? [compileText(values, at, errors)]
    : (values ?? []).map((value, index) => compileText(value, `${at}[${index}]`, errors));
  return (filling) => texts.map((text) => text(filling)).filter((text) => text !== "");
}

/** Compiles a value in which every text is a template. */
export function compileValue(value: Json, at: string, errors: FieldError[], depth = 0): Value {
  if (typeof value === "string") return compileText(value, at, errors);
  if (typeof value !== "object" || value === null) return () => value;
  if (depth === DEEPEST) {
    errors.push({ path: at, message: `has to nest at most ${DEEPEST} deep` });
    return () => null;
  }
  if (!isJsonObject(value)) {
    const items = value.map((item, index) => compileValue(item, `${at}[${index}]`, errors, depth + 1));
    return (filling) => items.map((item) => item(filling));
  }
  return compileMap(value, at, errors, depth + 1);
}

/** Compiles a map in which every text is a template; names are as they are. */
export function compileMap(
  map: JsonObject,
  at: string,
  errors: FieldError[],
  depth = 0,
): (filling: Filling) => JsonObject {
  const members = Object.entries(map).map(([name, value]): [string, Value] => [
    name,
    compileValue(value, `${at}.${name}`, errors, depth),
  ]);
  return (filling) => Object.fromEntries(members.map(([name, value]) => [name, value(filling)]));
}
