import { heading, say, verdict } from "./print.mjs";
import { until } from "./until.mjs";

const WINDOW_SECONDS = 2;
const CRASHES = [
  { version: "2.4.0", oven: "north" },
  { version: "2.4.1", oven: "north" },
  { version: "2.4.1", oven: "south" },
  { version: "2.4.1", oven: "north" },
  { version: "2.4.0", oven: "south" },
  { version: "2.4.1", oven: "north" },
].map(({ version, oven }, index) => ({
  universe: "bakery",
  project: "oven-control",
  application: "ovend",
  fingerprint: "77c20e5a",
  object_id: `a${index}`,
  callstack: ["read_probe", "main"],
  attributes: { version: [[version, 1]], oven: [[oven, 1]] },
}));
const HISTOGRAMS = {
  version: [
    ["2.4.1", 4],
    ["2.4.0", 2],
  ],
  oven: [
    ["north", 4],
    ["south", 2],
  ],
};

/** Backtrace's recipe: what a window brings is one request. @param {import("../drive/stage.mjs").Stage} stage */
export async function groups(stage) {
  const { receiver, destination } = await stage.receiver("Crash reports");
  const backtrace = await stage.route({ name: "Backtrace", type: "backtrace" }, [destination], {
    group_window_seconds: WINDOW_SECONDS,
  });
  await Promise.all(CRASHES.map((crash) => stage.gateway.send(backtrace, crash)));
  const occurrences = () => receiver.arrivals.reduce((sum, { data }) => sum + (data?.occurrences ?? 0), 0);
  await until(() => occurrences() >= CRASHES.length);

  heading("Backtrace: a burst of crashes, delivered as one group");
  const [group] = receiver.arrivals;
  say(
    `${CRASHES.length} events within ${WINDOW_SECONDS} s came as ${receiver.arrivals.length} request, ${verdict(group?.verified)}:`,
  );
  say(`type ${group?.type ?? "NOTHING ARRIVED"}, group ${group?.data.group}, occurrences ${group?.data.occurrences}`);
  for (const [name, counts] of Object.entries(group?.data.attributes ?? {})) {
    say(
      `  ${name}: ${counts.map((/** @type {[string, number]} */ [value, count]) => `${value} × ${count}`).join(", ")}`,
    );
  }
  // Attributes have an order of their own.
  const isRight = Object.entries(HISTOGRAMS).every(([name, counts]) => {
    return JSON.stringify(group?.data.attributes[name]) === JSON.stringify(counts);
  });
  const isOne = receiver.arrivals.length === 1 && group?.type === "event.group" && group.verified;
  return isOne && isRight && group.data.occurrences === CRASHES.length;
}
