import * as z from "zod/mini";
import { lazy } from "./lazy.ts";

/**
 * A message of the DELIVERIES queue: the next step of the move of events from D1 to segments. `after` is the event after which it looks,
 * and `small` says that segments may have few events.
 */
export type MoveMessage = {
  readonly v: 1;
  readonly move: { readonly after: string; readonly small: boolean };
};

const moveMessage = lazy(() =>
  z.object({ v: z.literal(1), move: z.object({ after: z.string(), small: z.boolean() }) }),
);

/** Parses a message that asks for a step of the move. Returns null for another message. */
export function parseMoveMessage(body: unknown): MoveMessage | null {
  return moveMessage().safeParse(body).data ?? null;
}
