import {
  type PresetData,
  type RequestData,
  DETAILS,
  byStep,
  byUrgency,
  each,
  text,
  when,
} from "../data/preset-data.ts";
import { onHost } from "./parts.ts";

const EVENT: RequestData = {
  body: {
    summary: text("{title}", 255),
    body: text(`${DETAILS}\n\nEvent {event_id}`, 20_000),
    level: byUrgency({ critical: "FATAL", high: "ERROR", medium: "WARN", low: "INFO", none: "WARN" }),
    status: byStep({ open: "OPEN", acknowledge: "OPEN", resolve: "CLOSED" }),
    idempotency_key: text("{dedup_key}", 255),
    tags: each("tags", 20, text("{tag}", 100)),
    links: when("link", [{ href: text("{link}", 2_000), text: text("{link_host}", 100) }]),
  },
};

/** https://docs.firehydrant.com/docs/events-data-model */
export const firehydrant: PresetData = {
  title: "FireHydrant",
  category: "incidents",
  summary: "Opens and closes alerts of Signals.",
  source: "https://docs.firehydrant.com/docs/events-data-model",
  steps: [
    "In FireHydrant, open *Signals > Event sources*, select *FireHydrant* and copy the ingest URL.",
    "The last part of the URL is a secret.",
  ],
  address: onHost(
    ["signals.firehydrant.com", "signals.eu.firehydrant.com"],
    "https://signals.firehydrant.com/v1/process/…",
  ),
  options: {},
  requests: { created: EVENT, updated: EVENT, resolved: EVENT },
};
