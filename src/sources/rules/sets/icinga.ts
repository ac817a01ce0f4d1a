import type { RuleSet } from "./rule-set.ts";
import { notificationRules } from "./notifications.ts";

/** https://icinga.com/docs/icinga-2/latest/doc/03-monitoring-basics/#notification-commands */
export const icinga: RuleSet = {
  name: "icinga",
  title: "Icinga 2",
  category: "infrastructure",
  vendor_url: "https://icinga.com/docs/icinga-2/latest/doc/03-monitoring-basics/#notification-commands",
  docs: "docs/sources/icinga.md",
  options: notificationRules("Icinga 2"),
};
