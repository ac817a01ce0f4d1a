import { alertmanager } from "./alertmanager.ts";
import type { RuleSet } from "./rule-set.ts";

/** https://docs.victoriametrics.com/victoriametrics/vmalert/ vmalert notifies an Alertmanager, which sends its own webhooks. */
export const vmalert: RuleSet = {
  name: "vmalert",
  title: "VictoriaMetrics vmalert",
  category: "monitoring",
  logo: "victoriametrics",
  recognized_by: { "log.data.generatorURL": { $regex: "/vmalert/alert\\?" } },
  vendor_url: "https://docs.victoriametrics.com/victoriametrics/vmalert/",
  docs: "docs/sources/vmalert.md",
  options: alertmanager.options,
};
