import { expect, it } from "vitest";
import { eventOf, openingOf } from "../../../support/sources.ts";

const OPTIONS = { options: { rule_set: "github" } };
const repository = { full_name: "orchard/press", html_url: "https://github.com/orchard/press" };

it.each([
  ["a push", { ref: "refs/heads/main", repository, sender: { login: "rowan" } }],
  ["a comment", { action: "created", issue: { number: 4 }, comment: { id: 1 }, repository }],
  ["an issue that gets a label", { action: "labeled", issue: { number: 4 }, repository }],
  ["a workflow that begins", { action: "requested", workflow_run: { conclusion: null }, repository }],
  ["an app that is installed", { action: "created", installation: { id: 1 }, sender: { login: "rowan" } }],
  ["an advisory", { action: "published", security_advisory: { ghsa_id: "GHSA-1" } }],
])("delivers %s without an alert", (_what, body) => {
  const event = eventOf("rules", body, OPTIONS);
  expect(event).toMatchObject({ kind: "event", signal: { action: "receive" } });
  expect(event).not.toHaveProperty("test");
});

it("has the severity of a rule without a security severity", () => {
  const alert = { number: 1, rule: { id: "style", severity: "note", description: "Add a comment." } };
  const { fields } = openingOf("rules", { action: "created", alert, repository }, OPTIONS);
  expect(fields).toMatchObject({ title: "orchard/press: Add a comment.", urgency: "low" });
});

it("keeps workflows and environments apart", () => {
  const keyOf = (body: object) => {
    const { signal } = eventOf("rules", { ...body, repository }, OPTIONS);
    return "key" in signal ? signal.key : signal.action;
  };
  const run = (head_branch: string) => ({
    action: "completed",
    workflow_run: { workflow_id: 7, head_branch, conclusion: "failure" },
  });
  expect(keyOf(run("main"))).not.toBe(keyOf(run("next")));
  const deployment = (environment: string) => ({ deployment_status: { state: "failure", environment } });
  expect(keyOf(deployment("production"))).not.toBe(keyOf(deployment("staging")));
});
