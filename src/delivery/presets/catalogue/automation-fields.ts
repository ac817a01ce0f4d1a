import { ENVELOPE, type Tree, each, factMap, text, time } from "../data/preset-data.ts";

/** What tools for automation get: fields that need no knowledge of the sender, and the envelope. */
export const AUTOMATION_FIELDS: Tree = {
  type: text("{type}", 100),
  headline: text("{headline}", 100),
  title: text("{title}", 1_000),
  description: text("{description}", 40_000, { is_kept: true }),
  step: text("{step}", 20),
  urgency: text("{urgency}", 20),
  link: text("{link}", 2_000, { is_kept: true }),
  tags: each("tags", 100, text("{tag}", 1_000)),
  facts: factMap(100, 300),
  key: text("{dedup_key}", 255),
  source: text("{source}", 200),
  event_id: text("{event_id}", 100),
  time: text("{timestamp}", 40),
  time_ms: time("milliseconds"),
  envelope: ENVELOPE,
};
