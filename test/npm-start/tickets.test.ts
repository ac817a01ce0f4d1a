import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Jira } from "../../scripts/drive/jira.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "./stand.ts";

const stage = new Stage({ env: { RETRY_SCHEDULE: "1,1,1,1,1,2,2,2,2,2,5,5,5,5,5,5,5,5,5" } });
const { gateway } = stage;

beforeAll(() => gateway.start(), 120_000);
afterAll(() => stage.strike());

async function jiraWith(name: string, fields: (jira: Jira) => object) {
  const jira = await stage.open(new Jira());
  const destination = await gateway.create("destinations", {
    name,
    url: jira.origin,
    auth: jira.auth,
    ...fields(jira),
  });
  const integration = await stage.route({ name, type: "pagertree" }, [destination]);
  return { jira, destination, integration };
}

/** The requests by which a destination of one's own does what the preset does. */
function ownRequests({ origin, project }: Jira) {
  const issue = `${origin}/rest/api/3/issue`;
  const doc = (text: string): string =>
    `{"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": ${text}}]}]}`;
  const body = `{"fields": {"project": {"key": "${project}"}, "issuetype": {"name": "Task"},
    "summary": {{ data.alert.title | json }}, "description": ${doc("{{ data.alert.description | json }}")}}}`;
  const comment = {
    url: `${issue}/{{ captured.issue_key }}/comment`,
    body: `{"body": ${doc("{{ data.alert.title | json }}")}}`,
  };
  return {
    "alert.created": { url: issue, body, capture: { issue_key: "key" } },
    "alert.updated": comment,
    "alert.acknowledged": comment,
    "alert.resolved": {
      url: `${issue}/{{ captured.issue_key }}/transitions`,
      body: '{"transition": {"id": "31"}}',
    },
  };
}

const steps = (Id: string) => [
  { event_type: "create", Id, Title: "Disk", Description: "full", Urgency: "low" },
  { event_type: "create", Id, Title: "Disk 95 %", Description: "fuller", Urgency: "high" },
  { event_type: "acknowledge", Id },
  { event_type: "resolve", Id },
];

test("a ticket is made, commented on and closed in order, also if the receiver was down as it should have been made", async () => {
  const { jira, destination, integration } = await jiraWith("Own", (own) => ({ requests: ownRequests(own) }));
  jira.isDown = true;
  const [create, ...later] = steps("disk");
  if (create === undefined) throw new Error("no steps");
  await gateway.send(integration, create);
  await vi.waitFor(() => expect(jira.refused).not.toEqual([]), WITHIN);
  for (const step of later) await gateway.send(integration, step);
  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", `/deliveries?destination_id=${destination.id}`);
    const waiting = body.data.filter(({ reason }: { reason: string }) => reason === "waits_for_earlier");
    expect(waiting).toHaveLength(3);
    for (const { attempts } of waiting) expect(attempts).toEqual([]);
  }, WITHIN);
  jira.isDown = false;
  await vi.waitFor(() => expect(jira.issues[0]?.status).toBe("Done"), WITHIN);
  expect(jira.done).toEqual(["create OPS-1", "comment OPS-1", "comment OPS-1", "close OPS-1"]);
  expect(jira.issues).toMatchObject([{ summary: "Disk", comments: ["Disk 95 %", "Disk 95 %"] }]);
  expect(jira.refused.every(({ status }) => status === 503)).toBe(true);

  const { body: alerts } = await gateway.api("GET", `/alerts?integration_id=${integration.id}`);
  const { body: alert } = await gateway.api("GET", `/alerts/${alerts.data[0].id}`);
  expect(alert.captured).toEqual([{ destination_id: destination.id, values: { issue_key: "OPS-1" } }]);
  const { body: deliveries } = await gateway.api("GET", `/deliveries?destination_id=${destination.id}`);
  expect(deliveries.data.map(({ status }: { status: string }) => status)).toEqual(Array(4).fill("delivered"));
  const created = deliveries.data.at(-1);
  expect((await gateway.api("GET", `/deliveries/${created.id}`)).body.captured).toEqual({ issue_key: "OPS-1" });
});

test("the preset of Jira keeps a ticket for each alert, also across a restart", async () => {
  const { jira, integration } = await jiraWith("Preset", ({ payload }) => ({ payload }));
  for (const step of [...steps("cpu").slice(0, 2), ...steps("ram").slice(0, 1)]) await gateway.send(integration, step);
  await vi.waitFor(() => expect(jira.done).toHaveLength(3), WITHIN);
  await gateway.end("SIGTERM");
  await gateway.start();
  for (const step of [...steps("cpu").slice(2), ...steps("ram").slice(1)]) await gateway.send(integration, step);
  await vi.waitFor(() => expect(jira.issues.map(({ status }) => status)).toEqual(["Done", "Done"]), WITHIN);
  expect(jira.issues.map(({ comments }) => comments.length)).toEqual([2, 2]);
  expect(jira.refused).toEqual([]);
});
