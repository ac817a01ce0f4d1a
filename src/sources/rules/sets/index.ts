import { alertmanager } from "./alertmanager.ts";
import { azuremonitor } from "./azuremonitor.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { cronitor } from "./cronitor.ts";
import { datadog } from "./datadog.ts";
import { deadmanssnitch } from "./deadmanssnitch.ts";
import { dynatrace } from "./dynatrace.ts";
import { elastalert } from "./elastalert.ts";
import { freshdesk } from "./freshdesk.ts";
import { googlecloud } from "./googlecloud.ts";
import { grafana } from "./grafana.ts";
import { healthchecks } from "./healthchecks.ts";
import { honeybadger } from "./honeybadger.ts";
import { hyperping } from "./hyperping.ts";
import { kapacitor } from "./kapacitor.ts";
import { newrelic } from "./newrelic.ts";
import { pingdom } from "./pingdom.ts";
import { prtg } from "./prtg.ts";
import { pulsetic } from "./pulsetic.ts";
import type { RuleSet } from "./rule-set.ts";
import { sentry } from "./sentry.ts";
import { site24x7 } from "./site24x7.ts";
import { statuscake } from "./statuscake.ts";
import { uptimekuma } from "./uptimekuma.ts";
import { uptimerobot } from "./uptimerobot.ts";
import { zabbix } from "./zabbix.ts";
import { zendesk } from "./zendesk.ts";

const LIST: readonly RuleSet[] = [
  alertmanager,
  azuremonitor,
  cloudwatch,
  cronitor,
  datadog,
  deadmanssnitch,
  dynatrace,
  elastalert,
  freshdesk,
  googlecloud,
  grafana,
  healthchecks,
  honeybadger,
  hyperping,
  kapacitor,
  newrelic,
  pingdom,
  prtg,
  pulsetic,
  sentry,
  site24x7,
  statuscake,
  uptimekuma,
  uptimerobot,
  zabbix,
  zendesk,
];

/** The ready-made rule sets by the name in an integration's `options.rule_set`. */
export const RULE_SETS: ReadonlyMap<string, RuleSet> = new Map(LIST.map((ruleSet) => [ruleSet.name, ruleSet]));
