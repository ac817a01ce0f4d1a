import * as z from "zod/mini";
import type { Shown } from "../endpoint.ts";

const KINDS = [
  "integration",
  "destination",
  "route",
  "transformation",
  "event",
  "alert",
  "delivery",
  "replay",
  "token",
] as const;

export const found = z.strictObject({
  kind: z.enum(KINDS),
  id: z.string(),
  title: z.string().check(z.describe("Its name or title, else what it is.")),
});

/** Something that a search has found. */
export type Found = Shown<typeof found>;
