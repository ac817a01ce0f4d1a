import type { IntegrationType } from "../model/integration.ts";
import { backtrace } from "./backtrace/backtrace.ts";
import { catchHook } from "./catch/catch.ts";
import { pagertree } from "./pagertree/pagertree.ts";
import { retrace } from "./retrace/retrace.ts";
import { rules } from "./rules/rules.ts";
import type { Source } from "./source.ts";
import { thousandeyes } from "./thousandeyes/thousandeyes.ts";

/** The source of every type of integration. */
export const SOURCES = {
  pagertree,
  retrace,
  backtrace,
  thousandeyes,
  catch: catchHook,
  rules,
} as const satisfies Record<IntegrationType, Source>;
