import { isJsonObject, isList, memberOf } from "../../model/json.ts";
import { farPartsOf, fieldIn, nearPartsOf, surroundingsOf } from "./event-parts.ts";

// The links of an event of a sender that has no rule set.

const LINK_FIELDS = ["html_url", "web_url", "permalink", "url", "link", "href", "target_url", "web_link"];
/** Links for people by longer names: of Stripe, Shopify, Netlify, Docker Hub, Grafana and others. */
const LONGER = [
  ..."app_url dashboard_url panel_url details_url hosted_invoice_url hosted_url incident_url issue_url".split(" "),
  ..."order_status_url public_url receipt_url repo_url report_url short_url view_url admin_url".split(" "),
  ..."generator_url external_url".split(" "),
];
/** Maps of links by what they lead to, such as Bitbucket's `links.html.href` and Vercel's `links.deployment`. */
const MAPS = ["links", "_links", "urls"];
const FOR_PEOPLE = ["html", "web", "webui", "alternate"];
const MAX_LINKS = 20;
/** Links that programs call. People get another one if there is any. */
const API = /^https?:\/\/api\.|^https?:\/\/[^/]+\/(?:.*\/)?_?api(?:s)?\//;

/** An issue of Jira, with the address by which programs read it. */
const JIRA_SELF = /^(https?:\/\/[^/]+(?:\/[^/]+)*?)\/rest\/(?:api|agile)\//;
const JIRA_KEY = /^[A-Z][A-Z0-9_]{1,50}-\d{1,10}$/;

function jiraLinkOf(part: unknown): readonly string[] {
  const [self, key] = [memberOf(part, "self"), memberOf(part, "key")];
  if (typeof self !== "string" || typeof key !== "string" || !JIRA_KEY.test(key)) return [];
  const site = JIRA_SELF.exec(self.slice(0, 500))?.[1];
  return site === undefined ? [] : [`${site}/browse/${key}`];
}

function linksInMap(value: unknown): readonly unknown[] {
  if (!isJsonObject(value)) return isList(value) ? value.slice(0, MAX_LINKS).map((link) => memberOf(link, "href")) : [];
  const others = Object.keys(value)
    .slice(0, MAX_LINKS)
    .filter((name) => !FOR_PEOPLE.includes(name));
  return [...FOR_PEOPLE, ...others].map((name) => memberOf(value[name], "href") ?? memberOf(value, name));
}

function linksOf(part: unknown): readonly string[] {
  const links = [
    ...jiraLinkOf(part),
    ...LINK_FIELDS.map((name) => fieldIn(part, name)),
    ...LONGER.map((name) => fieldIn(part, name)),
    ...MAPS.flatMap((name) => linksInMap(memberOf(part, name))),
  ];
  return links.filter((link) => typeof link === "string");
}

/** Returns the texts that may be the link of the thing, or else of where it happened, the likeliest first. */
export function linksOfThing(payload: unknown): readonly string[] {
  const parts = nearPartsOf(payload);
  // Advisories have a list of pages about them.
  const references = parts.map((part) => (isList(part["references"]) ? part["references"][0] : null));
  const links = [...parts, ...references, payload, ...surroundingsOf(payload), ...farPartsOf(payload)]
    .flatMap(linksOf)
    .filter((link) => link.includes("://"));
  return [...links.filter((link) => !API.test(link)), ...links.filter((link) => API.test(link))];
}
