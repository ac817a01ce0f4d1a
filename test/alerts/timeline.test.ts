import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compact, compactLong } from "../../src/alerts/compact.ts";
import { applyEvents, snapshotOf } from "../../src/alerts/timeline.ts";
import { URGENCIES, type Urgency } from "../../src/model/alert.ts";
import { ACTIONS, type Action } from "../../src/model/event.ts";
import type { History, HistoryLog } from "../../src/model/episode.ts";
import { runs } from "../support/runs.ts";

const idAt = (index: number): string => `evt_${String(index).padStart(8, "0")}`;

function logOf(actions: readonly Action[]): HistoryLog {
  return Object.fromEntries(actions.map((action, index) => [idAt(index), action]));
}

function outcomes(actions: readonly Action[]): string[] {
  return applyEvents({ log: logOf(actions), compacted: null }).outcomes.map((each) => each.outcome);
}

describe("a key's events in order", () => {
  it("open, acknowledge and resolve one alert", () => {
    expect(outcomes(["create", "acknowledge", "resolve"])).toEqual(["created", "acknowledged", "resolved"]);
  });

  it("count a create as a repeat while the alert is open or acknowledged", () => {
    expect(outcomes(["create", "create", "acknowledge", "create"])).toEqual([
      "created",
      "repeated",
      "acknowledged",
      "repeated",
    ]);
    const [episode] = applyEvents({
      log: logOf(["create", "create", "acknowledge", "create"]),
      compacted: null,
    }).episodes;
    expect(episode).toMatchObject({ status: "acknowledged", dedup_count: 2 });
  });

  it("make a new alert of a create after a resolve", () => {
    const { episodes } = applyEvents({ log: logOf(["create", "resolve", "create"]), compacted: null });
    expect(episodes.map((each) => [each.opened_by, each.status])).toEqual([
      [idAt(0), "resolved"],
      [idAt(2), "open"],
    ]);
  });

  it("ignore what comes without an unresolved alert, and a second acknowledge", () => {
    expect(outcomes(["acknowledge", "resolve", "create", "acknowledge", "acknowledge", "resolve", "resolve"])).toEqual([
      "ignored",
      "ignored",
      "created",
      "acknowledged",
      "ignored",
      "resolved",
      "ignored",
    ]);
  });

  it("treat an update as a create if no alert is open, and never as a repeat", () => {
    const history = { log: logOf(["update", "update", "create"]), compacted: null };
    expect(applyEvents(history).outcomes.map((each) => each.outcome)).toEqual(["created", "updated", "repeated"]);
    expect(applyEvents(history).episodes[0]).toMatchObject({ fields_from: idAt(1), dedup_count: 1 });
  });
});

it("a reminder leaves an escalated alert as it is, and opens one if none is open", () => {
  const history = { log: logOf(["create", "update", "remind"]), compacted: null };
  expect(applyEvents(history).outcomes.map((each) => each.outcome)).toEqual(["created", "updated", "updated"]);
  expect(applyEvents(history).episodes[0]).toMatchObject({ fields_from: idAt(1), last_event: idAt(2), dedup_count: 0 });
  expect(outcomes(["remind"])).toEqual(["created"]);
});

const actions = fc.array(fc.constantFrom(...ACTIONS), { maxLength: 40 });

describe("the result of a history", () => {
  it("does not depend on the order in which its events arrived", () => {
    fc.assert(
      fc.property(
        actions.chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray(
              list.map((_, i) => i),
              { minLength: list.length },
            ),
          ),
        ),
        ([list, order]) => {
          const shuffled = Object.fromEntries(order.map((index) => [idAt(index), list[index] ?? "create"]));
          expect(applyEvents({ log: shuffled, compacted: null })).toEqual(
            applyEvents({ log: logOf(list), compacted: null }),
          );
        },
      ),
    );
  });

  it("has at most one unresolved alert, the last one, and counts every create once", () => {
    fc.assert(
      fc.property(actions, (list) => {
        const { episodes, outcomes: all } = applyEvents({ log: logOf(list), compacted: null });
        expect(episodes.slice(0, -1).every((each) => each.status === "resolved")).toBe(true);
        const creates = list.filter((action) => action === "create").length;
        const repeats = episodes.reduce((sum, each) => sum + each.dedup_count, 0);
        const openedByCreate = episodes.filter((each) => list[Number(each.opened_by.slice(4))] === "create").length;
        expect(repeats + openedByCreate).toBe(creates);
        expect(all.map((each) => each.event_id)).toEqual(list.map((_, index) => idAt(index)));
      }),
    );
  });
});

describe("a long history", () => {
  it("is compacted without changing the outcomes of later events or the current alert", () => {
    const long = fc.array(fc.constantFrom(...ACTIONS), { minLength: 513, maxLength: 700 });
    fc.assert(
      fc.property(long, actions, (old, later) => {
        const whole = { log: logOf(old), compacted: null };
        const compacted = compactLong(whole, () => true);
        expect(compacted).not.toBeNull();
        if (compacted === null) return;
        expect(Object.keys(compacted.log)).toHaveLength(256);
        const added = Object.fromEntries(later.map((action, index) => [idAt(old.length + index), action]));
        const tail = (history: typeof whole): unknown => applyEvents(history).outcomes.slice(-256 - later.length);
        const before = { log: { ...whole.log, ...added }, compacted: null };
        expect(applyEvents({ log: { ...compacted.log, ...added }, compacted: compacted.compacted }).outcomes).toEqual(
          tail(before),
        );
      }),
      { numRuns: runs(30) },
    );
  });

  it("is left alone while it is short", () => {
    expect(compactLong({ log: logOf(["create", "resolve"]), compacted: null }, () => true)).toBeNull();
  });

  it("can be compacted again and again", () => {
    let history: History = { log: logOf(Array.from({ length: 600 }, () => "create")), compacted: null };
    for (let round = 1; round < 4; round++) {
      history = compactLong(history, () => true) ?? history;
      const more = Array.from({ length: 300 }, (_, index) => [idAt(600 + round * 300 + index), "create"] as const);
      history = { ...history, log: { ...history.log, ...Object.fromEntries(more) } };
    }
    expect(applyEvents(history).episodes).toHaveLength(1);
    expect(applyEvents(history).episodes[0]).toMatchObject({ opened_by: idAt(0), dedup_count: 600 + 900 - 1 });
  });

  it("compacted to nothing still has its unresolved alert, also if a later event concerns none", () => {
    const history: History = { log: logOf(["create", "acknowledge"]), compacted: null };
    const { compacted } = compact(history, 0);
    const episode = compacted?.episode ?? null;
    expect(episode).toMatchObject({ opened_by: idAt(0), status: "acknowledged" });
    expect(applyEvents({ log: {}, compacted })).toEqual({ outcomes: [], episodes: [episode] });
    expect(applyEvents({ log: { [idAt(2)]: "acknowledge" }, compacted })).toEqual({
      outcomes: [{ event_id: idAt(2), outcome: "ignored", episode: null }],
      episodes: [episode],
    });
  });

  it("compacted to nothing keeps the unresolved alert, and never goes back in time", () => {
    const history = { log: logOf(["create", "acknowledge"]), compacted: { through: idAt(7), episode: null } };
    const rest = compact(history, 0);
    expect(rest.log).toEqual({});
    expect(rest.compacted).toMatchObject({ through: idAt(7), episode: { status: "acknowledged" } });
    expect(compact(rest, 0)).toBe(rest);
    expect(compact({ log: logOf(["create", "resolve"]), compacted: null }, 0).compacted).toEqual({
      through: idAt(1),
      episode: null,
    });
  });
});

it("an alert is delivered with its own state and the fields of one event", () => {
  const fields = {
    title: "Disk full",
    description: "db-7",
    urgency: "high",
    tags: ["disk"],
    meta: { host: "db-7" },
    incident: { severity: "SEV-1", message: "sev" },
    additional_data: [],
  } as const;
  const [episode] = applyEvents({ log: logOf(["create", "create"]), compacted: null }).episodes;
  if (episode === undefined) throw new Error("no alert");
  expect(snapshotOf(episode, "disk", fields)).toEqual({
    ...fields,
    id: `alr_${idAt(0).slice(4)}`,
    key: "disk",
    status: "open",
    dedup_count: 1,
  });
});

describe("the urgency of an alert", () => {
  const urgencies = fc.option(fc.constantFrom(...URGENCIES), { nil: null });
  const entries = fc.array(fc.tuple(fc.constantFrom(...ACTIONS), urgencies), { maxLength: 40 });
  const historyOf = (given: readonly (readonly [Action, Urgency | null])[]): History => ({
    log: logOf(given.map(([action]) => action)),
    urgencies: Object.fromEntries(
      given.flatMap(([action, urgency], index) =>
        urgency === null || action === "acknowledge" || action === "resolve" ? [] : [[idAt(index), urgency]],
      ),
    ),
    compacted: null,
  });
  const rankOf = (urgency: Urgency | null | undefined): number => (urgency ? URGENCIES.indexOf(urgency) : -1);

  it("is the highest of its events, and only a rise makes a repeat an update", () => {
    fc.assert(
      fc.property(entries, (given) => {
        const history = historyOf(given);
        let highest: number | null = null;
        for (const [index, { outcome, episode }] of applyEvents(history).outcomes.entries()) {
          const action = given[index]?.[0];
          const rank = rankOf(history.urgencies?.[idAt(index)]);
          if (action === "create" && highest !== null) expect(outcome).toBe(rank > highest ? "updated" : "repeated");
          if (outcome === "created") highest = rank;
          else if (highest !== null) highest = Math.max(highest, rank);
          if (episode !== null) expect(rankOf(episode.urgency)).toBe(highest);
          if (outcome === "resolved") highest = null;
        }
      }),
    );
  });

  it("survives compaction", () => {
    fc.assert(
      fc.property(entries, fc.nat(40), (given, keep) => {
        const history = historyOf(given);
        const whole = applyEvents(history);
        const compacted = compact(history, keep);
        expect(applyEvents(compacted).outcomes).toEqual(
          whole.outcomes.slice(whole.outcomes.length - Object.keys(compacted.log).length),
        );
        expect(Object.keys(compacted.urgencies ?? {}).every((id) => Object.hasOwn(compacted.log, id))).toBe(true);
      }),
    );
  });

  it("is shown in place of that of the event whose fields it shows", () => {
    const { episodes } = applyEvents(
      historyOf([
        ["create", "critical"],
        ["update", "low"],
      ]),
    );
    const fields = {
      title: "t",
      description: "",
      urgency: "low",
      tags: [],
      meta: {},
      incident: null,
      additional_data: [],
    } as const;
    expect(episodes.map((episode) => snapshotOf(episode, "k", fields).urgency)).toEqual(["critical"]);
  });
});
