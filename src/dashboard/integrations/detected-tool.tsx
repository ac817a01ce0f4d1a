import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Integration, type RuleSetDetection, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";
import { detectedQuery, renewIntegrations } from "./queries.ts";

type Tool = RuleSetDetection["data"][number];

/** Offers the rule set of the tool whose webhooks a catch hook receives. Nothing if no tool is likely. */
export function DetectedTool({ integration }: { readonly integration: Integration }) {
  const isOffered = useMay("write") && integration.type === "catch" && integration.last_event_at !== null;
  const { data: tool } = useQuery({ ...detectedQuery(integration.id), enabled: isOffered });
  if (!isOffered || tool === undefined || tool === null) return null;
  return <Offer integration={integration} tool={tool} />;
}

function Offer({
  integration: { id, name, managed_by },
  tool,
}: {
  readonly integration: Integration;
  readonly tool: Tool;
}) {
  const [isAsked, setAsked] = useState(false);
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: async () => unwrap(await client.integrations.update(id, tool.integration)),
    onSuccess: async () => {
      notifySuccess(`${name} now reads ${tool.title}`);
      await renewIntegrations(queries);
    },
    onError: (error) => notifyFailure("The integration was not changed", error),
  });
  return (
    <>
      <div className="callout detected-tool" data-health="pending" role="status">
        <span>
          <strong>This looks like {tool.title}.</strong> Its rule set turns these requests into alerts that open and
          resolve.
        </span>
        <Button size="sm" loading={change.isPending} onClick={() => setAsked(true)}>
          {`Use the rule set ${tool.title}`}
        </Button>
      </div>
      <Confirm
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        onConfirm={() => change.mutate()}
        title={`Use the rule set ${tool.title} for ${name}?`}
        action="Use the rule set"
      >
        From the next request on, it opens and resolves alerts. Routes for event.received alone no longer take its
        events, except tests, and filters see alerts. The options of the catch hook are removed. The URL, the
        credentials and what was received stay as they are.
        {managed_by === "config" ? " Change the configuration document too, or its next application undoes this." : ""}
      </Confirm>
    </>
  );
}
