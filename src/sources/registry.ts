import type { IntegrationType } from "../model/integration.ts";
import { backtrace } from "./backtrace.ts";
import { catchHook } from "./catch.ts";
import { pagertree } from "./pagertree.ts";
import { retrace } from "./retrace.ts";
import { rules } from "./rules.ts";
import type { Source } from "./source.ts";
import { thousandeyes } from "./thousandeyes.ts";

/** The source of every type of integration. */
export const SOURCES = {
  pagertree,
  retrace,
  backtrace,
  thousandeyes,
  catch: catchHook,
  rules,
} as const satisfies Record<IntegrationType, Source>;
