import { ClientError, type JsonObject } from "../client/index.ts";
import type { Query } from "./api.ts";
import type { Columns } from "./columns.ts";
import { isPassing } from "./failure.ts";
import { messageOf } from "./report.ts";
import { field, list } from "./rows.ts";
import type { Session } from "./session.ts";
import { Table } from "./terminal/table.ts";

const POLL_MS = 2_000;
const MAX_WAIT_MS = 30_000;
const PAGE = 100;
/** A poll reads this far back, because rows appear out of order and change: what was not shown yet is news. */
const OVERLAP_MS = { events: 60_000, deliveries: 60_000, alerts: 3_600_000 } as const;
const MAX_PAGES = 200;
const MAX_SEEN = 20_000;

type Path = "events" | "deliveries" | "alerts";

/** What of a row is news: a delivery is shown again after each attempt, and an alert after each change of its status. */
function newsOf(path: Path, row: JsonObject): string {
  switch (path) {
    case "events":
      return field(row, "id");
    case "deliveries":
      return [field(row, "id"), field(row, "status"), list(row, "attempts").length].join(" ");
    case "alerts":
      return [field(row, "id"), field(row, "status")].join(" ");
  }
}

function timeOf(path: Path, row: JsonObject): number {
  return Date.parse(field(row, path === "events" ? "received_at" : "created_at"));
}

/** Remembers what was shown, up to a number of rows. */
class Seen {
  readonly #news = new Set<string>();

  /** Whether it is new. From then on it is not. */
  add(news: string): boolean {
    if (this.#news.has(news)) return false;
    this.#news.add(news);
    for (const oldest of this.#news) {
      if (this.#news.size <= MAX_SEEN) break;
      this.#news.delete(oldest);
    }
    return true;
  }
}

/** Whether a gateway of an earlier release refused the filter by time. */
function lacksTimeFilter(error: unknown): boolean {
  if (!(error instanceof ClientError) || error.failure.kind !== "problem") return false;
  return error.failure.problem.errors?.some(({ path }) => path === "from") === true;
}

/** Follows a list until the command is interrupted. */
export async function tail(session: Session, path: Path, query: Query, columns: () => Promise<Columns>): Promise<void> {
  const { api, out, interrupt } = session;
  out.follow();
  const seen = new Seen();
  const table = out.isJson ? null : new Table(await columns());
  let newestMs = Date.now();
  let hasTimeFilter = true;

  /** Reads down to a time. Returns the news, oldest first. */
  const poll = async (from: string): Promise<readonly JsonObject[]> => {
    const rows: JsonObject[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const position = cursor === null ? {} : { cursor };
      const page = await api.page(`/${path}`, {
        ...query,
        limit: PAGE,
        ...(hasTimeFilter ? { from } : {}),
        ...position,
      });
      rows.push(...page.data);
      cursor = page.next_cursor;
      const oldest = page.data.at(-1);
      if (cursor === null || (oldest !== undefined && timeOf(path, oldest) < Date.parse(from))) break;
    }
    newestMs = Math.max(newestMs, ...rows.map((row) => timeOf(path, row)));
    return rows.filter((row) => seen.add(newsOf(path, row))).toReversed();
  };

  const show = (rows: readonly JsonObject[]): void => {
    if (table === null) for (const row of rows) out.json(row, 0);
    else if (rows.length > 0) out.lines(table.lines(rows, out.room()));
  };

  const since = query["from"];
  let failures = 0;
  let isFirst = true;
  while (!interrupt.happened()) {
    try {
      const overlap = new Date(newestMs - OVERLAP_MS[path]).toISOString();
      const news = await poll(isFirst && typeof since === "string" ? since : overlap);
      if (failures > 0) out.note("Connected again.");
      failures = 0;
      if (isFirst) out.note(`Following ${path} of ${api.url}. Press Ctrl+C to stop.`);
      if (!isFirst || since !== undefined) show(news);
      isFirst = false;
    } catch (error) {
      if (interrupt.happened()) return;
      if (hasTimeFilter && since === undefined && lacksTimeFilter(error)) {
        hasTimeFilter = false;
        continue;
      }
      if (!isPassing(error) || isFirst) throw error;
      if (failures === 0) out.note(`The connection is lost: ${messageOf(error)} Trying again.`);
      failures++;
    }
    await interrupt.sleep(failures === 0 ? POLL_MS : Math.min(MAX_WAIT_MS, POLL_MS * 2 ** Math.min(failures, 4)));
  }
}
