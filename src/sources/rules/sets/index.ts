import { airflow } from "./airflow.ts";
import { alertmanager } from "./alertmanager.ts";
import { appdynamics } from "./appdynamics.ts";
import { argocd } from "./argocd.ts";
import { asana } from "./asana.ts";
import { auth0 } from "./auth0.ts";
import { auvik } from "./auvik.ts";
import { awsbudgets } from "./awsbudgets.ts";
import { awshealth } from "./awshealth.ts";
import { axiom } from "./axiom.ts";
import { azuremonitor } from "./azuremonitor.ts";
import { betterstack } from "./betterstack.ts";
import { buildkite } from "./buildkite.ts";
import { checkly } from "./checkly.ts";
import { checkmk } from "./checkmk.ts";
import { circleci } from "./circleci.ts";
import { cloudflare } from "./cloudflare.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { coralogix } from "./coralogix.ts";
import { cronitor } from "./cronitor.ts";
import { crowdstrike } from "./crowdstrike.ts";
import { dash0 } from "./dash0.ts";
import { datadog } from "./datadog.ts";
import { deadmanssnitch } from "./deadmanssnitch.ts";
import { dynatrace } from "./dynatrace.ts";
import { elastalert } from "./elastalert.ts";
import { falco } from "./falco.ts";
import { flux } from "./flux.ts";
import { freshdesk } from "./freshdesk.ts";
import { freshservice } from "./freshservice.ts";
import { gatus } from "./gatus.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { googlecloud } from "./googlecloud.ts";
import { grafana } from "./grafana.ts";
import { graylog } from "./graylog.ts";
import { healthchecks } from "./healthchecks.ts";
import { hetrixtools } from "./hetrixtools.ts";
import { honeybadger } from "./honeybadger.ts";
import { hyperping } from "./hyperping.ts";
import { icinga } from "./icinga.ts";
import { incidentio } from "./incidentio.ts";
import { jenkins } from "./jenkins.ts";
import { jira } from "./jira.ts";
import { kapacitor } from "./kapacitor.ts";
import { kibana } from "./kibana.ts";
import { librenms } from "./librenms.ts";
import { linear } from "./linear.ts";
import { logicmonitor } from "./logicmonitor.ts";
import { monit } from "./monit.ts";
import { nagios } from "./nagios.ts";
import { netdata } from "./netdata.ts";
import { netlify } from "./netlify.ts";
import { newrelic } from "./newrelic.ts";
import { okta } from "./okta.ts";
import { openobserve } from "./openobserve.ts";
import { opsgenie } from "./opsgenie.ts";
import { pagerduty } from "./pagerduty.ts";
import { pingdom } from "./pingdom.ts";
import { proxmox } from "./proxmox.ts";
import { prtg } from "./prtg.ts";
import { pulsetic } from "./pulsetic.ts";
import { render } from "./render.ts";
import { rollbar } from "./rollbar.ts";
import type { RuleSet } from "./rule-set.ts";
import { scom } from "./scom.ts";
import { sentry } from "./sentry.ts";
import { servicenow } from "./servicenow.ts";
import { shopify } from "./shopify.ts";
import { site24x7 } from "./site24x7.ts";
import { snyk } from "./snyk.ts";
import { solarwinds } from "./solarwinds.ts";
import { splunk } from "./splunk.ts";
import { splunkobservability } from "./splunkobservability.ts";
import { statuscake } from "./statuscake.ts";
import { statusgator } from "./statusgator.ts";
import { statuspage } from "./statuspage.ts";
import { stripe } from "./stripe.ts";
import { sumologic } from "./sumologic.ts";
import { synology } from "./synology.ts";
import { terraformcloud } from "./terraformcloud.ts";
import { trivyoperator } from "./trivyoperator.ts";
import { truenas } from "./truenas.ts";
import { uptimecom } from "./uptimecom.ts";
import { uptimekuma } from "./uptimekuma.ts";
import { uptimerobot } from "./uptimerobot.ts";
import { vercel } from "./vercel.ts";
import { vmalert } from "./vmalert.ts";
import { wazuh } from "./wazuh.ts";
import { zabbix } from "./zabbix.ts";
import { zendesk } from "./zendesk.ts";

const LIST: readonly RuleSet[] = [
  airflow,
  alertmanager,
  appdynamics,
  argocd,
  asana,
  auth0,
  auvik,
  awsbudgets,
  awshealth,
  axiom,
  azuremonitor,
  betterstack,
  buildkite,
  checkly,
  checkmk,
  circleci,
  cloudflare,
  cloudwatch,
  coralogix,
  cronitor,
  crowdstrike,
  dash0,
  datadog,
  deadmanssnitch,
  dynatrace,
  elastalert,
  falco,
  flux,
  freshdesk,
  freshservice,
  gatus,
  github,
  gitlab,
  googlecloud,
  grafana,
  graylog,
  healthchecks,
  hetrixtools,
  honeybadger,
  hyperping,
  icinga,
  incidentio,
  jenkins,
  jira,
  kapacitor,
  kibana,
  librenms,
  linear,
  logicmonitor,
  monit,
  nagios,
  netdata,
  netlify,
  newrelic,
  okta,
  openobserve,
  opsgenie,
  pagerduty,
  pingdom,
  proxmox,
  prtg,
  pulsetic,
  render,
  rollbar,
  scom,
  sentry,
  servicenow,
  shopify,
  site24x7,
  snyk,
  solarwinds,
  splunk,
  splunkobservability,
  statuscake,
  statusgator,
  statuspage,
  stripe,
  sumologic,
  synology,
  terraformcloud,
  trivyoperator,
  truenas,
  uptimecom,
  uptimekuma,
  uptimerobot,
  vercel,
  vmalert,
  wazuh,
  zabbix,
  zendesk,
];

/** The ready-made rule sets by the name in an integration's `options.rule_set`. */
export const RULE_SETS: ReadonlyMap<string, RuleSet> = new Map(LIST.map((ruleSet) => [ruleSet.name, ruleSet]));
