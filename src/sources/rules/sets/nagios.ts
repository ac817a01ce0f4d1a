import type { RuleSet } from "./rule-set.ts";
import { notificationRules } from "./notifications.ts";

/** https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/macrolist.html */
export const nagios: RuleSet = {
  name: "nagios",
  title: "Nagios",
  category: "infrastructure",
  vendor_url: "https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/macrolist.html",
  docs: "docs/sources/nagios.md",
  options: notificationRules("Nagios"),
};
