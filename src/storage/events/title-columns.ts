import {
  MAX_TITLE,
  MAX_TITLED_CONTENT_BYTES,
  NO_TITLES,
  type Titles,
  titlesOfAlert,
  titlesOfContent,
} from "../../model/event-title.ts";
import { type ContentColumn } from "./event-row.ts";
import { type Row, fromColumn, fromColumnOrNull, text, textOrNull } from "../rows.ts";

// The titles of an event for lists that do not show its content.

/** An alert has its title among its first fields. */
const ALERT_START = 16_000;

/** The columns that `parseTitles` reads. */
export const TITLE_COLUMNS = `
  substr(alert, 1, ${ALERT_START}) AS alert_start,
  CASE WHEN alert IS NULL AND OCTET_LENGTH(content) <= ${MAX_TITLED_CONTENT_BYTES} THEN content END AS short_content`;

const encoder = new TextEncoder();

/** Returns a whole row with the columns that `parseTitles` reads. */
export function withTitleColumns(row: Row): Row {
  const alert = textOrNull(row, "alert");
  const content = text(row, "content");
  const isShort =
    alert === null &&
    content.length <= MAX_TITLED_CONTENT_BYTES &&
    encoder.encode(content).byteLength <= MAX_TITLED_CONTENT_BYTES;
  return { ...row, alert_start: alert?.slice(0, ALERT_START) ?? null, short_content: isShort ? content : null };
}

// A quotation mark inside a text is escaped, so the first match is the alert's own field.
const TITLE = new RegExp(String.raw`"title":"((?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u]){0,${MAX_TITLE}})`);

function titleIn(alertStart: string): string | null {
  const escaped = TITLE.exec(alertStart)?.[1];
  if (escaped === undefined) return null;
  return fromColumn<string>({ title: `"${escaped}"` }, "title").toWellFormed();
}

/** Returns the titles of an event. */
export function parseTitles(row: Row): Titles {
  const alertStart = textOrNull(row, "alert_start");
  if (alertStart !== null) return titlesOfAlert(titleIn(alertStart));
  const content = fromColumnOrNull<ContentColumn>(row, "short_content");
  return content === null || "stored_at" in content ? NO_TITLES : titlesOfContent(content);
}
