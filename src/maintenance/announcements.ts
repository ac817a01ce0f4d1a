import { reportDue } from "../system-events/occurrences.ts";
import type { MaintenanceTask } from "./task.ts";

/** Reports what has occurred since the last system event about each subject. Returns the number of events. */
export const announcements: MaintenanceTask = { name: "announcements", per: "gateway", max_calls: 8, run: reportDue };
