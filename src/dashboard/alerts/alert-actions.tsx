import { CheckIcon } from "@phosphor-icons/react/dist/csr/Check";
import { EyeIcon } from "@phosphor-icons/react/dist/csr/Eye";
import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Alert, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { routesQuery, useNames } from "../api/names.ts";
import { showResult } from "../api/show-result.ts";
import { useMay } from "../session/session.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { Confirm } from "../ui/confirm.tsx";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";
import { alertQuery } from "./alerts-query.ts";
import { type AlertAction, notifiedDestinations } from "./who-is-notified.ts";

const TEXTS = {
  acknowledge: { verb: "Acknowledge", title: "Acknowledge this alert?", done: "The alert is acknowledged" },
  resolve: { verb: "Resolve", title: "Resolve this alert?", done: "The alert is resolved" },
} as const satisfies Record<AlertAction, object>;

/** The buttons that acknowledge and resolve an alert. They ask first if destinations are notified. */
export function AlertActions({ alert }: { readonly alert: Alert }) {
  const may = useMay("write");
  const names = useNames();
  const queries = useQueryClient();
  const { data: routes } = useQuery(routesQuery);
  const [asking, setAsking] = useState<AlertAction | null>(null);
  const act = useMutation({
    mutationFn: async (action: AlertAction) =>
      unwrap(await (action === "acknowledge" ? client.alerts.acknowledge : client.alerts.resolve)(alert.id)),
    onSuccess: async (changed, action) => {
      notifySuccess(TEXTS[action].done);
      await showResult(queries, alertQuery(alert.id).queryKey, (shown) => shown && { ...shown, ...changed });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["alerts", "list"] }),
        queries.invalidateQueries({ queryKey: ["events", "of-alert", alert.id] }),
      ]);
    },
    onError: (error) => notifyFailure("The alert was not changed", error),
  });
  const mayAcknowledge = may && alert.status === "open";
  const mayResolve = may && alert.status !== "resolved";
  // While the routes are unknown, somebody may be notified.
  const begin = (action: AlertAction): void => {
    if (routes !== undefined && notifiedDestinations(action, alert, routes).length === 0) act.mutate(action);
    else setAsking(action);
  };
  useShortcuts({
    a: () => (mayAcknowledge ? begin("acknowledge") : undefined),
    e: () => (mayResolve ? begin("resolve") : undefined),
  });
  if (!mayResolve) return null;
  const notified = asking === null ? [] : notifiedDestinations(asking, alert, routes ?? []);
  const to = notified.map(names.destination).join(", ");
  return (
    <div className="alert-actions">
      {mayAcknowledge ? (
        <Button
          size="sm"
          variant="secondary"
          icon={<EyeIcon aria-hidden="true" />}
          loading={act.isPending && act.variables === "acknowledge"}
          onClick={() => begin("acknowledge")}
        >
          Acknowledge
        </Button>
      ) : null}
      <Button
        size="sm"
        variant="primary"
        icon={<CheckIcon aria-hidden="true" />}
        loading={act.isPending && act.variables === "resolve"}
        onClick={() => begin("resolve")}
      >
        Resolve
      </Button>
      <Confirm
        isOpen={asking !== null}
        onClose={() => setAsking(null)}
        onConfirm={() => (asking === null ? undefined : act.mutate(asking))}
        title={asking === null ? "" : TEXTS[asking].title}
        action={asking === null ? "" : TEXTS[asking].verb}
      >
        {to === "" ? "The destinations of its routes are notified." : <NotifiedText names={to} />}
        {asking === "resolve" ? " A resolved alert does not open again: the next problem opens another one." : null}
      </Confirm>
    </div>
  );
}

function NotifiedText({ names }: { readonly names: string }) {
  return (
    <>
      The routes may notify <bdi>{names}</bdi>.
    </>
  );
}
