import type { IntegrationOptions, IntegrationType } from "../model/integration.ts";
import { pagertree } from "./pagertree.ts";
import type { Source } from "./source.ts";

type SourceOfType = { readonly [Type in IntegrationType]: Source<IntegrationOptions[Type]> };

/** The source of every type of integration. */
export const SOURCES = { pagertree } as const satisfies SourceOfType;
