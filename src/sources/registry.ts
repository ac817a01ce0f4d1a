import { findIn, namesIn } from "../model/registry.ts";
import { backtrace } from "./backtrace/backtrace.ts";
import { catchHook } from "./catch/catch.ts";
import { pagertree } from "./pagertree/pagertree.ts";
import { retrace } from "./retrace/retrace.ts";
import { rules } from "./rules/rules.ts";
import type { Source } from "./source.ts";
import { thousandeyes } from "./thousandeyes/thousandeyes.ts";

/** The source of each type of integration. */
export const SOURCES = {
  backtrace,
  catch: catchHook,
  pagertree,
  retrace,
  rules,
  thousandeyes,
} as const satisfies Record<string, Source>;

export type IntegrationType = keyof typeof SOURCES;

export const INTEGRATION_TYPES = namesIn<IntegrationType>(SOURCES);

/** Returns the source of a stored type. Throws if this version does not have it. */
export function sourceOf(type: string): Source {
  const source = findIn<IntegrationType, Source>(SOURCES, type);
  if (source === null) throw new TypeError(`This version has no integrations of the type ${type}.`);
  return source;
}
