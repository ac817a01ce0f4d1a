import { CheckIcon } from "@phosphor-icons/react/dist/csr/Check";
import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import { setClosed } from "./closed.ts";
import { DeliveryStep } from "./delivery-step.tsx";
import { DestinationStep, MadeDestination } from "./destination-step.tsx";
import { EventStep } from "./event-step.tsx";
import { IntegrationStep, MadeIntegration } from "./integration-step.tsx";
import { type Progress, STAGES, type Stage, stageOf } from "./progress.ts";
import { deliveredQuery, newestEventQuery } from "./queries.ts";
import { RouteStep } from "./route-step.tsx";

/** The steps from an empty gateway to a first delivered event. What exists already is done. */
export function FirstRun({ progress }: { readonly progress: Progress }) {
  const { integration, destination, route } = progress;
  const isJoined = route !== null && integration !== null;
  const newest = useQuery({ ...newestEventQuery(integration?.id ?? ""), enabled: isJoined });
  const { data: delivered } = useQuery({ ...deliveredQuery, enabled: isJoined });
  const event = newest.data ?? null;
  const stage = stageOf(progress, {
    event: event !== null,
    delivered: delivered !== null && delivered !== undefined,
  });
  const isDone = stage === "done";
  return (
    <section className="first-run" aria-labelledby="first-run-title">
      <div className="section-head">
        <h2 id="first-run-title">{isDone ? "Your first webhook is delivered" : "Deliver a first webhook"}</h2>
        <span className="spacer" />
        <Button size="sm" variant={isDone ? "primary" : "ghost"} onClick={() => setClosed(true)}>
          {isDone ? "Finish" : "Skip"}
        </Button>
      </div>
      <ol className="first-steps">
        <Step own="integration" stage={stage} title="Create an integration">
          {integration === null ? <IntegrationStep /> : <MadeIntegration integration={integration} />}
        </Step>
        <Step own="destination" stage={stage} title="Create a destination">
          {destination === null ? (
            stage === "destination" ? (
              <DestinationStep />
            ) : null
          ) : (
            <MadeDestination destination={destination} />
          )}
        </Step>
        <Step own="route" stage={stage} title="Create a route">
          {integration !== null && destination !== null ? (
            <RouteStep integration={integration} destination={destination} route={route} />
          ) : null}
        </Step>
        <Step own="event" stage={stage} title="Send a first event">
          {isJoined ? <EventStep integration={integration} event={event} /> : null}
        </Step>
        <Step own="delivery" stage={stage} title="Deliver it">
          {event !== null && isJoined ? <DeliveryStep event={event} delivered={delivered ?? null} /> : null}
        </Step>
      </ol>
    </section>
  );
}

type StepProps = {
  readonly own: Exclude<Stage, "done">;
  readonly stage: Stage;
  readonly title: string;
  readonly children: ReactNode;
};

function Step({ own, stage, title, children }: StepProps) {
  const place = STAGES.indexOf(own) - STAGES.indexOf(stage);
  const state = place < 0 ? "done" : place === 0 ? "current" : "later";
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(stage);
  useEffect(() => {
    // The button that finished the step before is gone, and the focus with it.
    if (before.current !== stage && state === "current") heading.current?.focus();
    before.current = stage;
  }, [stage, state]);
  return (
    <li className="first-step" data-state={state} {...(state === "current" && { "aria-current": "step" as const })}>
      <span className="first-step-mark" aria-hidden="true">
        {state === "done" ? <CheckIcon weight="bold" /> : STAGES.indexOf(own) + 1}
      </span>
      <div className="first-step-body">
        <h3 ref={heading} tabIndex={-1}>
          {title}
          {state === "done" ? <span className="visually-hidden">: done</span> : null}
        </h3>
        {state === "later" ? null : children}
      </div>
    </li>
  );
}
