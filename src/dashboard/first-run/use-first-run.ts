import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { destinationsQuery, integrationsQuery, routesQuery } from "../api/names.ts";
import { useMay } from "../session/session.ts";
import { useIsClosed } from "./closed.ts";
import { type Progress, isSettled, progressOf } from "./progress.ts";
import { deliveredQuery } from "./queries.ts";

export type FirstRunState =
  /** It is not known yet. */
  | { readonly kind: "loading" }
  /** The gateway has delivered, or the viewer may not change it. */
  | { readonly kind: "none" }
  /** The viewer has skipped what is left. */
  | { readonly kind: "closed" }
  | { readonly kind: "shown"; readonly progress: Progress };

/** Whether the overview shows the first steps. Once shown, they stay to say that they are done. */
export function useFirstRun(): FirstRunState {
  const may = useMay("write");
  const isClosed = useIsClosed();
  const [wasShown, setWasShown] = useState(false);
  const integrations = useQuery(integrationsQuery);
  const destinations = useQuery(destinationsQuery);
  const routes = useQuery(routesQuery);
  const config =
    integrations.data !== undefined && destinations.data !== undefined && routes.data !== undefined
      ? { integrations: integrations.data, destinations: destinations.data, routes: routes.data }
      : null;
  const isNew = may && config !== null && !isSettled(config.integrations, Date.now());
  const progress = config === null ? null : progressOf(config);
  const isJoined = progress !== null && progress.route !== null;
  const delivered = useQuery({ ...deliveredQuery, enabled: isNew && isJoined });
  const isMissing = isNew && (!isJoined || delivered.data === null);
  if (isMissing && !isClosed && !wasShown) setWasShown(true);
  const isFailed = integrations.isError || destinations.isError || routes.isError;
  // The parts of the overview say what failed.
  if (progress === null) return { kind: isFailed ? "none" : "loading" };
  if (isClosed) return { kind: isMissing ? "closed" : "none" };
  return isMissing || wasShown ? { kind: "shown", progress } : { kind: "none" };
}
