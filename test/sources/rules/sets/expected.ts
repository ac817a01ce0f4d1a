import type { Urgency } from "../../../../src/model/alert.ts";

/** What an event of a fixture comes to; `links` is how many links it has. */
export type Expected =
  | {
      readonly action: "create";
      readonly key: string;
      readonly title: string;
      readonly urgency: Urgency | null;
      readonly tags: readonly string[];
      readonly links: number;
    }
  | { readonly action: "acknowledge" | "resolve"; readonly key: string }
  | { readonly action: "ignore" };

function create(
  key: string,
  title: string,
  urgency: Urgency | null,
  tags: readonly string[] = [],
  links = 0,
): Expected {
  return { action: "create", key, title, urgency, tags, links };
}
const acknowledge = (key: string): Expected => ({ action: "acknowledge", key });
const resolve = (key: string): Expected => ({ action: "resolve", key });
const ignore: Expected = { action: "ignore" };

const PEAR = "5f0c3a1d9be27714";
const PLUM = "91be44d07ac3f20e";
const DISK_TAGS = ["alertname:DiskWillFill", "cluster:eu-2"];
const PEAR_TITLE = "Disk of pear-3:9100 fills within four hours";
const PLUM_TITLE = "Disk of plum-1:9100 fills within four hours";
const QUEUE = "1763460011442018377";
const QUEUE_TITLE = "Queue of orders is too long on host:kiln-4";
const QUEUE_TAGS = ["env:prod", "host:kiln-4", "team:orders"];
const ISSUE = "7be1a5c4-0d73-4e8e-9a15-3e0f6a2b9d41";
const ARN = "arn:aws:cloudwatch:eu-central-1:204771900331:alarm:orders-api-5xx";
const AZURE =
  "/subscriptions/4d2f0b6e-1111-4c5a-9f3e-2b7c1a9d8e70/providers/Microsoft.AlertsManagement/alerts/83e5b2c4-51d0-4f3f-a6a7-0b2a5d9c1f00";
const HC = "f3a0a1f2-6b1c-4a52-9c2e-0d6b7f3f9a10";
const PID = "-4417290010073641923_1763465000000V2";
const KUMA_CERTIFICATE =
  "[Press control][https://press.orchard.example/health] server certificate press.orchard.example will expire in 7 days";

/** What each fixture comes to, by rule set and file. */
export const EXPECTED: Readonly<Record<string, Readonly<Record<string, readonly Expected[]>>>> = {
  alertmanager: {
    create: [
      create(PEAR, PEAR_TITLE, "critical", [...DISK_TAGS, "instance:pear-3:9100", "job:node", "severity:critical"], 3),
      create(PLUM, PLUM_TITLE, "medium", [...DISK_TAGS, "instance:plum-1:9100", "job:node", "severity:warning"], 3),
    ],
    resolve: [resolve(PEAR), resolve(PLUM)],
    mixed: [
      create(PEAR, PEAR_TITLE, "critical", [...DISK_TAGS, "instance:pear-3:9100", "job:node", "severity:critical"], 3),
      resolve(PLUM),
    ],
    "create-bare": [create(PEAR, "DiskWillFill", null, [...DISK_TAGS, "instance:pear-3:9100", "job:node"], 2)],
  },
  grafana: {
    create: [
      create(
        "b7c5e0912f4d66a8",
        "Checkout takes longer than 2.5 s in shop eu",
        "medium",
        ["alertname:Checkout latency", "grafana_folder:Shop", "severity:warning", "shop:eu"],
        5,
      ),
    ],
    resolve: [resolve("b7c5e0912f4d66a8")],
    test: [ignore],
  },
  datadog: {
    create: [create(QUEUE, QUEUE_TITLE, "high", QUEUE_TAGS, 1)],
    repeat: [create(QUEUE, QUEUE_TITLE, "high", QUEUE_TAGS, 1)],
    "create-warning": [create(QUEUE, QUEUE_TITLE, "medium", QUEUE_TAGS, 1)],
    acknowledge: [acknowledge(QUEUE)],
    resolve: [resolve(QUEUE)],
  },
  newrelic: {
    create: [
      create(
        ISSUE,
        "Error percentage > 5.0 for at least 5 minutes on 'ledger'",
        "high",
        ["ledger", "ledger-worker"],
        1,
      ),
    ],
    acknowledge: [acknowledge(ISSUE)],
    resolve: [resolve(ISSUE)],
    test: [ignore],
    "create-legacy": [create("30177", "Errors of the ledger", "medium", [], 1)],
    "resolve-legacy": [resolve("30177")],
  },
  cloudwatch: {
    create: [
      create(ARN, "orders-api-5xx in EU (Frankfurt)", "high", ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"], 1),
    ],
    resolve: [resolve(ARN)],
    insufficient: [ignore],
    test: [ignore],
  },
  azuremonitor: {
    create: [create(AZURE, "cpu-of-orders-vm", "high", ["orders-vm"], 2)],
    resolve: [resolve(AZURE)],
    test: [ignore],
    "other-schema": [ignore],
  },
  googlecloud: {
    create: [create("0.nq2v7k1x8abc", "Presses: CPU of a press", "medium", ["team:cider"], 1)],
    resolve: [resolve("0.nq2v7k1x8abc")],
    test: [ignore],
  },
  sentry: {
    create: [create("issue:6120044177", "KeyError: 'vat_rate'", "high", ["cellar"], 1)],
    acknowledge: [acknowledge("issue:6120044177")],
    resolve: [resolve("issue:6120044177")],
    "create-issue-alert": [
      create("issue:6120044177", "KeyError: 'vat_rate'", "critical", ["environment:production", "level:fatal"], 1),
    ],
    "create-metric-alert": [create("metric_alert:77", "Critical: Errors of the cellar", "critical", ["cellar"], 1)],
    "resolve-metric-alert": [resolve("metric_alert:77")],
    "create-plugin": [create("issue:6120044177", "KeyError: 'vat_rate'", "medium", ["cellar"], 1)],
    test: [ignore],
    "test-sample": [ignore],
  },
  uptimerobot: {
    create: [create("797003311", "Shop is down", "high", [], 2)],
    resolve: [resolve("797003311")],
    "create-json": [create("797003311", "Shop is down", "high", [], 2)],
    "create-certificate": [create("797003311:certificate", "The certificate of Shop expires soon", "medium", [], 1)],
    test: [ignore],
  },
  uptimekuma: {
    create: [create("29", "Press control is down", "high", ["site:mill", "prod"], 1)],
    resolve: [resolve("29")],
    "create-certificate": [
      create(
        "certificate:[Press control][https://press.orchard.example/health] server certificate press.orchard.example",
        KUMA_CERTIFICATE,
        "medium",
      ),
    ],
    test: [ignore],
  },
  pingdom: {
    create: [create("5518822", "Orchard shop is down", "high", ["shop", "prod"], 1)],
    resolve: [resolve("5518822")],
    "create-transaction": [create("5518990", "Buy a crate is failing", "low", [], 1)],
    test: [ignore],
  },
  statuscake: {
    create: [create("6611209", "Shop is down", "high", ["shop", "prod"], 1)],
    resolve: [resolve("6611209")],
  },
  healthchecks: {
    create: [create(HC, 'Nightly "pomace" export is down', "high", ["prod", "export"])],
    resolve: [resolve(HC)],
    "create-pagertree": [
      create(HC, 'Nightly "pomace" export is DOWN. Last ping was 1 day ago.', "high", ["prod", "export"], 1),
    ],
    test: [ignore],
  },
  zabbix: {
    create: [
      create("8812004", "Problem: Free space on /var is below 5%", "high", ["component:storage", "scope:capacity"], 1),
    ],
    acknowledge: [acknowledge("8812004")],
    comment: [ignore],
    resolve: [resolve("8812004")],
    test: [ignore],
  },
  site24x7: {
    create: [create("412960000000311027", "Orchard shop is down", "critical", ["shop", "prod"], 3)],
    resolve: [resolve("412960000000311027")],
    "create-trouble": [create("412960000000311027", "Orchard shop is trouble", "medium", ["shop", "prod"], 3)],
  },
  freshdesk: {
    create: [create("5021", "The crate arrived empty", "high", ["delivery"], 1)],
    resolve: [resolve("5021")],
  },
  zendesk: {
    create: [create("35436", "The cider is flat", "critical", ["cider", "quality"], 1)],
    resolve: [resolve("35436")],
    acknowledge: [acknowledge("35436")],
    "create-two-triggers": [create("35436", "The cider is flat", "critical", ["cider", "quality"], 1)],
    "resolve-two-triggers": [resolve("35436")],
  },
  honeybadger: {
    create: [
      create(
        "fault:118700233",
        "[Cellar/production] Redis::TimeoutError: Waited 5.0 seconds",
        "medium",
        ["production", "redis"],
        1,
      ),
    ],
    acknowledge: [acknowledge("fault:118700233")],
    resolve: [resolve("fault:118700233")],
    "create-outage": [create("site:7d2a3f10-4f0d-4c44-9d5a-5f5c0a1b2c3d", "[Cellar] Shop is down.", "high", [], 2)],
    "resolve-outage": [resolve("site:7d2a3f10-4f0d-4c44-9d5a-5f5c0a1b2c3d")],
    "create-check-in": [
      create("check_in:xK9b2L", "[Cellar] MISSING: Pomace export hasn't checked in for 2 hours", "high", [], 1),
    ],
    "resolve-check-in": [resolve("check_in:xK9b2L")],
    deployed: [ignore],
  },
  deadmanssnitch: {
    create: [create("9be1d07c44", "Nightly backup did not check in", "high", ["backup", "critical"], 1)],
    resolve: [resolve("9be1d07c44")],
    "create-errored": [create("9be1d07c44", "Nightly backup reported an error", "high", ["backup", "critical"], 1)],
    "resolve-paused": [resolve("9be1d07c44")],
  },
  cronitor: {
    create: [
      create(
        "nightly-pomace:production",
        "Nightly pomace: complete < 30 minutes",
        "high",
        ["exports", "production"],
        2,
      ),
    ],
    resolve: [resolve("nightly-pomace:production")],
  },
  dynatrace: {
    create: [create(PID, "Failure rate increase on orders", "high", ["team:orders", "env:prod"], 1)],
    resolve: [resolve(PID)],
    "resolve-merged": [resolve(PID)],
    test: [ignore],
  },
  elastalert: {
    create: [create("Failed logins:pip", "Too many failed logins of pip", "high", ["auth", "prod"], 1)],
    resolve: [resolve("Failed logins:pip")],
    "create-pagertree": [create("0a4ad6b0-57d7-4f4f-8a4a-2f3d6a8e4a11", "Failed logins", null)],
  },
  kapacitor: {
    create: [create("cpu:host=press-2", "cpu:host=press-2 is WARNING", "medium", ["host:press-2", "cpu:cpu-total"])],
    resolve: [resolve("cpu:host=press-2")],
    "create-critical": [
      create("cpu:host=press-2", "cpu:host=press-2 is CRITICAL", "critical", ["host:press-2", "cpu:cpu-total"]),
    ],
  },
  hyperping: {
    create: [create("mon_Zk3p9qT1vB2xLm", "https://shop.orchard.example/ is down", "high", [], 1)],
    resolve: [resolve("mon_Zk3p9qT1vB2xLm")],
  },
  pulsetic: {
    create: [create("monitor:88120", "https://shop.orchard.example is offline", "high", [], 2)],
    resolve: [resolve("monitor:88120")],
    "create-certificate": [
      create("certificate:88120", "The certificate of https://shop.orchard.example expires in 5 days", "medium", [], 2),
    ],
  },
  prtg: {
    create: [create("20417", "press-2: Ping is down", "high", ["pingsensor", "prod"], 1)],
    acknowledge: [acknowledge("20417")],
    resolve: [resolve("20417")],
    paused: [ignore],
    "create-warning": [
      create("20417", "press-2: Ping is down ended (now: warning)", "medium", ["pingsensor", "prod"], 1),
    ],
  },
};
