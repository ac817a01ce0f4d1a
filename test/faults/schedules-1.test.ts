import { testSchedules } from "./schedule.ts";

testSchedules(0);
