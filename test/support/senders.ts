/// <reference types="vite/types/importMeta.d.ts" />
import type { Sender } from "./signers.ts";

const FILES = import.meta.glob<readonly Sender[]>("../fixtures/signatures/*.ts", { import: "senders", eager: true });

/** The senders of test/fixtures/signatures: how each scheme signs a body. */
export const SENDERS: readonly Sender[] = Object.values(FILES).flat();
