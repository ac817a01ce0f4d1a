import type { JsonObject } from "../client/index.ts";
import { CommandError, isPassing } from "./failure.ts";
import { count, field } from "./rows.ts";
import type { Session } from "./session.ts";

const POLL_MS = 500;
const MAX_WAIT_MS = 15_000;

function sentOf(replay: JsonObject): number {
  return count(replay, "replayed") + count(replay, "failed");
}

function interrupted(replay: JsonObject): CommandError {
  const id = field(replay, "id");
  return new CommandError(
    `Interrupted after ${sentOf(replay)} of ${count(replay, "count")}. The replay continues in the gateway.`,
    `Stop it with \`hookgate replays cancel ${id}\`, or watch it with \`hookgate replays watch ${id}\`.`,
  );
}

function outcomeOf(replay: JsonObject): string {
  const failed = count(replay, "failed");
  return `Replayed ${count(replay, "replayed")} of ${count(replay, "count")}${failed === 0 ? "" : `, ${failed} could not be repeated`}.`;
}

/** Shows the progress of a replay to its end. It survives a lost network, because the gateway does the work. */
export async function watchReplay({ api, out, interrupt }: Session, started: JsonObject): Promise<void> {
  const id = field(started, "id");
  const progress = out.progress("Replaying:");
  let replay = started;
  let failures = 0;
  while (field(replay, "status") === "running") {
    progress.show(sentOf(replay), count(replay, "count"), failures > 0 ? "the connection is lost" : "");
    await interrupt.sleep(Math.min(MAX_WAIT_MS, POLL_MS * 2 ** Math.min(failures, 5)));
    if (interrupt.happened()) {
      progress.clear();
      throw interrupted(replay);
    }
    try {
      replay = await api.get("/replays/{id}", { params: { id } });
      failures = 0;
    } catch (error) {
      if (!interrupt.happened() && !isPassing(error)) throw error;
      failures++;
    }
  }
  progress.clear();
  if (out.isJson) out.json(replay);
  else out.lines([outcomeOf(replay)]);
  if (field(replay, "status") === "cancelled") throw new CommandError("The replay was cancelled.");
}
