import { it } from "vitest";
import { runSchedules } from "./schedule.ts";

const FIRST_SEED = 20261121;
const SCHEDULES = 250;

it(`keeps every promise under the schedules of faults from seed ${FIRST_SEED} on`, { timeout: 900_000 }, async () => {
  await runSchedules(FIRST_SEED, SCHEDULES);
});
