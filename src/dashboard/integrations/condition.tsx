import type { Integration } from "../../client/index.ts";
import { integrationCondition } from "../overview/problems.ts";
import { Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { rejectionReason } from "./arrivals.ts";

/** How an integration is doing, as the overview computes it. */
export function IntegrationStatus({ integration }: { readonly integration: Integration }) {
  const { health, word } = integrationCondition(integration, Date.now());
  return <Status health={health}>{word}</Status>;
}

/** Says in a sentence what is wrong with an integration. Nothing for a healthy one. */
export function ConditionNote({ integration }: { readonly integration: Integration }) {
  const { last_rejection, last_event_at } = integration;
  const { word, health } = integrationCondition(integration, Date.now());
  if (word === "disabled") {
    return (
      <p className="callout" data-health="quiet">
        <strong>Disabled.</strong> Senders get the status 410, and nothing is stored.
      </p>
    );
  }
  if (word === "rejecting" && last_rejection !== null) {
    return (
      <p className="callout" data-health={health}>
        <strong>{`The latest request was refused with ${last_rejection.status}`}</strong> at{" "}
        <Time at={last_rejection.at} />
        {`: ${rejectionReason(last_rejection.code).title.toLowerCase()}. `}
        {rejectionReason(last_rejection.code).hint}
      </p>
    );
  }
  if (word === "silent" && last_event_at !== null) {
    return (
      <p className="callout" data-health={health}>
        <strong>Silent</strong> since <Time at={last_event_at} />. An event was expected since then. Check the sender,
        or change in the settings how often one is expected.
      </p>
    );
  }
  return null;
}
