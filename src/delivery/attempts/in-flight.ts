import type { Gate } from "../limits/admit.ts";
import type { LaneItem } from "./worker-pool.ts";
import type { TimedRun } from "./timed-pool.ts";

// What a batch has leased goes back destination by destination: one that hangs must not keep another's lanes.

type Releasing<T> = Pick<Gate<T>, "go" | "release">;

/** Gives back the lanes of destinations that have no attempt under way. */
export async function releaseIdle<T extends LaneItem, R>(
  gate: Releasing<LaneItem>,
  { under_way }: TimedRun<T, R>,
): Promise<void> {
  const busy = new Set([...under_way.keys()].map((job) => job.destination_id));
  await gate.release([...new Set(gate.go.map(({ job }) => job.destination_id))].filter((id) => !busy.has(id)));
}

/** Waits for the attempts that are still under way, and gives back the lanes of each destination after its last. */
export async function finishUnderWay<T extends LaneItem, R>(
  gate: Releasing<LaneItem>,
  { under_way }: TimedRun<T, R>,
  finishOne: (job: T, attempting: Promise<R>) => Promise<void>,
): Promise<void> {
  const byDestination = Map.groupBy(under_way, ([job]) => job.destination_id);
  await Promise.all(
    [...byDestination].map(async ([id, attempts]) => {
      await Promise.all(attempts.map(([job, attempting]) => finishOne(job, attempting)));
      await gate.release([id]);
    }),
  );
}
