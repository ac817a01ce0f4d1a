import { ALERT_STATUSES, type AlertStatus } from "../../model/alert.ts";
import type { ListPage } from "../lists/use-live-list.ts";

type ReadOfStatus<Row> = (
  status: AlertStatus,
  cursor: string | undefined,
  signal: AbortSignal,
) => Promise<ListPage<Row>>;

const SEPARATOR = ":";

function statusAfter(status: AlertStatus): AlertStatus | undefined {
  return ALERT_STATUSES[ALERT_STATUSES.indexOf(status) + 1];
}

/** A cursor of the whole list: a status, and the cursor of the API within it. */
function place(cursor: string | undefined): { readonly status: AlertStatus; readonly within: string | undefined } {
  const [name, ...rest] = (cursor ?? "").split(SEPARATOR);
  const within = rest.join(SEPARATOR);
  return { status: ALERT_STATUSES.find((each) => each === name) ?? "open", within: within === "" ? undefined : within };
}

/**
 * Reads open alerts first, then acknowledged, then resolved ones, each newest first. A page goes on with the next status until it
 * is full, so that the first page, which is polled, shows most changes of status.
 */
export function openFirst<Row>(pageSize: number, read: ReadOfStatus<Row>) {
  return async (cursor: string | undefined, signal: AbortSignal): Promise<ListPage<Row>> => {
    const rows: Row[] = [];
    let { status, within } = place(cursor);
    for (;;) {
      const { data, next_cursor } = await read(status, within, signal);
      rows.push(...data);
      if (next_cursor !== null) return { data: rows, next_cursor: `${status}${SEPARATOR}${next_cursor}` };
      const next = statusAfter(status);
      if (next === undefined) return { data: rows, next_cursor: null };
      if (rows.length >= pageSize) return { data: rows, next_cursor: `${next}${SEPARATOR}` };
      status = next;
      within = undefined;
    }
  };
}
