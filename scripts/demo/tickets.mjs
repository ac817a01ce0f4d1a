import { Jira } from "../drive/jira.mjs";
import { heading, say, table } from "./print.mjs";
import { until } from "./until.mjs";

const OVEN = { Id: "oven-3", Title: "Oven 3 is too hot" };
const STEPS = [
  { event_type: "create", ...OVEN, Urgency: "high" },
  { event_type: "create", ...OVEN, Title: "Oven 3 is far too hot", Urgency: "critical" },
  { event_type: "acknowledge", Id: OVEN.Id },
  { event_type: "resolve", Id: OVEN.Id },
];

/** An alert that opens a ticket, comments on it and closes it. @param {import("../drive/stage.mjs").Stage} stage */
export async function tickets(stage) {
  const jira = await stage.open(new Jira());
  const { auth, payload, origin } = jira;
  const destination = await stage.gateway.create("destinations", { name: "Jira", url: origin, auth, payload });
  const kitchen = await stage.route({ name: "Kitchen", type: "pagertree" }, [destination]);
  for (const step of STEPS) await stage.gateway.send(kitchen, step);
  await until(() => jira.issues[0]?.status === "Done");

  heading("Jira: an alert opens, comments on and closes a ticket");
  table([
    ["issue", "summary", "comments", "status"],
    ...jira.issues.map(({ key, summary, comments, status }) => [key, summary, String(comments.length), status]),
  ]);
  const { body } = await stage.gateway.api("GET", "/alerts?key=oven-3");
  const alert = (await stage.gateway.api("GET", `/alerts/${body.data[0]?.id}`)).body;
  const kept = alert.captured?.[0]?.values.issue_key;
  say(`\n${jira.done.join(", ")}; the gateway keeps the key ${kept ?? "OF NONE"} for the alert.`);
  const isInOrder = jira.done.join() === "create OPS-1,comment OPS-1,comment OPS-1,close OPS-1";
  return isInOrder && jira.issues.length === 1 && jira.refused.length === 0 && kept === "OPS-1";
}
