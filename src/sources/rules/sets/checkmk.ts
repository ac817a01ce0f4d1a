import type { RuleSet } from "./rule-set.ts";
import { notificationRules } from "./notifications.ts";

/** https://docs.checkmk.com/latest/en/notifications.html */
export const checkmk: RuleSet = {
  name: "checkmk",
  title: "Checkmk",
  category: "infrastructure",
  vendor_url: "https://docs.checkmk.com/latest/en/notifications.html",
  docs: "docs/sources/checkmk.md",
  options: notificationRules("Checkmk"),
};
