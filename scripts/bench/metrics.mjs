/** Every figure of a run, by section: its name in the JSON line and its description. */
export const METRICS = {
  ingest: {
    rps: "requests/s: PagerTree create, token checked, 32 connections, consumers detached",
    floor_rps: "requests/s: a Worker that reads the body, sends it to a queue and answers",
    ratio_to_floor: "of the floor's rate",
    ratio_to_batching_floor: "of the rate of a floor whose requests share their sends, as the gateway's do",
    signed_ratio_to_floor: "the same with a Standard Webhooks signature checked",
    outbox_ratio_to_floor: "the same with ACCEPT_DURABILITY=outbox",
    with_consumer_ratio_to_floor: "with the consumers attached (the floor's does nothing)",
    p50_ms_one_connection: "ms: one request after the other",
  },
  end_to_end: {
    deliveries_per_second: "deliveries/s to a receiver that takes 1 ms, each received once and verified",
    throughput_ratio_to_floor: "of a consumer that only posts the body with as many workers, four",
    p50_ms_at_10_per_second: "ms from the sender's request to the receiver's",
    p95_ms_at_10_per_second: "ms",
    p50_ratio_to_floor_at_10_per_second: "times the floor's",
    healthy_p95_ratio_beside_a_hanging_destination: "times the p95 without it",
    healthy_p95_ms_as_a_destination_begins_to_hang: "ms, in the round in which nothing is known of it yet",
    fan_out_5_deliveries_per_second: "deliveries/s, five destinations an event",
  },
  cost: {
    d1_rows_written_per_event: "a catch event, one destination, first attempt",
    d1_rows_read_per_event: "the same",
    queue_operations_per_event: "the same",
    cpu_ms_per_event: "ms of the runtime's process, less its idle",
    usd_per_million_events: "USD beyond what the plan includes",
    usd_per_million_events_with_retention: "USD, with their deletion; storage is the next",
    usd_per_million_events_moved: "USD to move them to segments: rows that are read and deleted, messages, objects",
    bytes_per_event_hot: "bytes of D1 that a catch event takes up until it moves to a segment",
    bytes_per_event_cold: "bytes of R2 that it takes up in a segment",
    usd_per_million_events_kept_for_a_month: "USD of storage with HOT_HOURS=48, beyond what the plan includes",
    pagertree_rows_written_per_event: "a PagerTree create, one destination",
    bytes_per_event: "bytes of the database's file that a catch event takes up",
    d1_ms_per_event: "ms in the database, events one at a time: a database writes one transaction after the other",
    d1_ms_per_event_in_a_burst: "ms in the database, events in full batches",
    subrequests_per_event: "calls of a Worker to D1, queues and the destination, for an event by itself",
  },
  rows: {
    catch_bytes: "bytes of the database that a catch event with one destination takes up, hours and indexes included",
    catch_event_row_bytes: "bytes of the table of events in it",
    catch_rows_written: "rows in a burst: an attempt that outlives its batch writes its row again",
    alert_bytes: "bytes that a PagerTree create with two destinations takes up, its alert and its history included",
    alert_event_row_bytes: "bytes of the table of events in it",
    alert_rows_written: "rows in a burst",
  },
  growth: {
    list_p95_ratio_1m_to_10k: "p95 of the unfiltered lists, the worse of events and deliveries",
    list_rows_read_per_row_shown: "unfiltered, the worse of events and deliveries",
    filtered_rows_read_per_page: "the most that a page of a filtered list reads: one in 1,000 matches, or none",
    filtered_ms_per_page: "ms, the slowest of these pages",
    filtered_dead_rows_read: "deliveries with status=dead, without a match",
    few_deliveries_rows_read: "deliveries to a destination that had one in 100,000: ten of a million",
    ingest_ratio_1000_integrations_to_1: "of the rate with one integration",
    sustained_events_per_second_one_shard_30_days:
      "events/s for which one database has room with HOT_HOURS=48 and a log of 30 days, or that move to segments if that is less",
    segments_events_per_second: "events/s that move from D1 to segments",
    read_cold_event_ms: "ms, an event in a segment, one request after the other",
    list_cold_page_ms: "ms, a page of 50 events in segments",
  },
  log: {
    events: "events in the log, most of them in segments",
    objects_gb: "GB of segments",
    list_newest_ms: "ms, a page of the newest 50 events",
    list_cold_ms: "ms, a page of 50 events in the middle of the log",
    filtered_cold_ms: "ms, the slowest page of a filtered list there: one in 1,000 matches, or none",
    calls_of_a_cold_page: "calls of D1 and R2, the most of these pages",
    read_cold_ms: "ms, an event in a segment",
    replay_cold_ms: "ms until the replay of an event in a segment is accepted",
    erase_cold_ms: "ms until an event in a segment is erased, its segment written anew",
    count_replays_ms: "ms to count what the replay of a day of a rare integration would send",
  },
  bundle: {
    ingest_gzip_kb: "KB of 1,024 bytes, minified: what is evaluated before the first webhook is answered",
    gzip_kb: "KB, all that is uploaded",
    startup_ratio_to_bare_hono: "times bare Hono's, from spawning the runtime to the first answer",
  },
  signing: {
    standard_webhooks_us_per_kb: "µs to sign a body of 1 KB",
    standard_webhooks_ed25519_us_per_kb: "µs",
    rfc9421_ed25519_us_per_kb: "µs",
    rfc9421_hmac_sha256_us_per_kb: "µs",
    hmac_sha256_us_per_kb: "µs",
  },
  hostile: {
    answered_ms_beside_costly_work:
      "ms until another integration's webhook is answered, while 100 events take ten filters and a template that are too costly for each",
    delivered_ms_beside_costly_work: "ms until it is delivered",
    longest_wait_ms_beside_costly_work: "ms, the longest answer of /health until all of them are done",
    cpu_ms_of_a_hundred_costly_events: "ms of the runtime's process",
    rules_cpu_ms_per_costly_request: "ms, a request of 37 KB to rules with ten templates that are too costly",
    under_way_ms_behind_a_burst:
      "ms until the first event for a healthy destination, behind 3,000 to one that hangs, a limited one and a healthy one",
  },
  transformations: {
    deliveries_per_second:
      "deliveries/s of events that pass a small transformation in a dynamic Worker, as on Cloudflare",
    deliveries_per_second_without: "deliveries/s of the same gateway without one",
    ratio_to_none: "of the rate without one",
    npm_start_deliveries_per_second: "deliveries/s with the transformation in a process, as npm start runs it",
    npm_start_ratio_to_none: "of the rate without one",
  },
};

/** @typedef {keyof typeof METRICS} Section */

/** @returns {Section[]} */
export function sections() {
  return /** @type {Section[]} */ (Object.keys(METRICS));
}

/**
 * Returns the figures that a run of some sections lacks, or that are not numbers.
 * @param {Record<string, Record<string, unknown>>} figures
 * @param {readonly Section[]} ran
 */
export function missingFigures(figures, ran) {
  return ran.flatMap((section) =>
    Object.keys(METRICS[section])
      .filter((name) => !Number.isFinite(figures[section]?.[name]))
      .map((name) => `${section}.${name}`),
  );
}
