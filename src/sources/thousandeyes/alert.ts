import type { AdditionalDatum, AlertFields, Urgency } from "../../model/alert.ts";
import { type Json, type JsonObject, isJsonObject, memberOf } from "../../model/json.ts";
import { firstOf, linesOf, linkDatum, tagsOf, textOf, timeDatum, timeOfSeconds, titleOf } from "../reading/wording.ts";

const URGENCY_OF = new Map<string, Urgency>([
  ["info", "low"],
  ["minor", "medium"],
  ["major", "high"],
  ["critical", "critical"],
]);
/** A description names at most this many agents. The payload contains all of them. */
const MAX_AGENTS = 50;
/** Epoch seconds as a text, which proxies of customers make of the number. */
const SECONDS = /^\d{9,10}$/;
const WITHOUT_ZONE = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/;

function mapsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Returns epoch seconds, or a UTC time without an offset, as an ISO time. */
function timeOf(value: Json | undefined): string {
  const text = timeOfSeconds(typeof value === "string" && SECONDS.test(value.trim()) ? Number(value) : value);
  return text.replace(WITHOUT_ZONE, "$1T$2Z");
}

/** Returns a text, or the texts of a list whose items may be maps with a name. */
function namesIn(value: Json | undefined): readonly string[] {
  const items: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
  return items
    .map((item) => (isJsonObject(item) ? firstOf(memberOf(item, "name"), memberOf(item, "labelName")) : textOf(item)))
    .filter((name) => name !== "");
}

function describeAgents(agents: readonly JsonObject[]): string {
  const lines = agents.slice(0, MAX_AGENTS).map((agent) => {
    const name = firstOf(memberOf(agent, "agentName"), memberOf(agent, "locationName"), memberOf(agent, "agentId"));
    return `  ${titleOf(name, textOf(memberOf(agent, "metricsAtStart")), "?")}`;
  });
  const more = agents.length > MAX_AGENTS ? [`  and ${agents.length - MAX_AGENTS} more`] : [];
  return lines.length === 0 ? "" : ["Agents:", ...lines, ...more].join("\n");
}

function links(alert: JsonObject, agents: readonly JsonObject[]): readonly AdditionalDatum[] {
  return [
    ...linkDatum("Alert", textOf(memberOf(alert, "permalink"))),
    ...agents.flatMap((agent) => {
      const name = firstOf(memberOf(agent, "agentName"), memberOf(agent, "agentId"), "Agent");
      return linkDatum(name, textOf(memberOf(agent, "permalink")));
    }),
    ...mapsIn(memberOf(alert, "apiLinks")).flatMap((link) => {
      const label = `API: ${firstOf(memberOf(link, "rel"), "link")}`;
      return linkDatum(label, textOf(memberOf(link, "href")));
    }),
  ];
}

/** Returns the alert of a trigger. Either part may be empty. If both have a field, that of the alert counts. */
export function alertFieldsOf(alert: JsonObject, agentAlert: JsonObject): AlertFields {
  const either = (name: string): string => firstOf(memberOf(alert, name), memberOf(agentAlert, name));
  const timeIn = (name: string): string => firstOf(timeOf(memberOf(alert, name)), timeOf(memberOf(agentAlert, name)));
  const agents = mapsIn(memberOf(alert, "agents"));
  const agentName = firstOf(
    memberOf(agentAlert, "agentName"),
    either("hostname"),
    memberOf(agents[0] ?? {}, "agentName"),
  );
  const started = firstOf(timeIn("dateStart"), either("dateStartZoned"));
  return {
    title: titleOf(
      firstOf(either("ruleName"), either("ruleExpression")),
      firstOf(either("testName"), agentName),
      "ThousandEyes alert",
    ),
    description: linesOf([
      ["Rule", either("ruleExpression")],
      ["Severity", either("severity")],
      ["Type", either("type")],
      ["Test", either("testName")],
      ["Targets", namesIn(memberOf(alert, "testTargetsDescription")).join(", ")],
      ["Started", started],
      ["Ended", timeIn("dateEnd")],
      ["Violations", either("violationCount")],
      ["Agent", textOf(memberOf(agentAlert, "agentName"))],
      ["Host", either("hostname")],
      ["Address", either("ipAddress")],
      ["Metrics", either("metricsAtStart")],
      ["", describeAgents(agents)],
      ["Link", either("permalink")],
    ]),
    urgency: URGENCY_OF.get(either("severity").toLowerCase()) ?? null,
    tags: tagsOf(namesIn(memberOf(alert, "testLabels"))),
    meta: {},
    incident: null,
    additional_data: [
      ...links(alert, agents),
      ...timeDatum("Started", started),
      ...timeDatum("Ended", timeIn("dateEnd")),
    ],
  };
}
