import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { Integration } from "../../client/index.ts";
import { useMay } from "../session/session.ts";
import { ChangesLink } from "../shell/changes-link.tsx";
import { Page } from "../shell/page.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Time } from "../ui/time.tsx";
import { INTEGRATION_TABS } from "./addresses.ts";
import { ConditionNote, IntegrationStatus } from "./condition.tsx";
import { DetectedTool } from "./detected-tool.tsx";
import { Inspector } from "./inspector.tsx";
import { IntegrationActions } from "./integration-actions.tsx";
import { PreviewTab } from "./preview/preview-tab.tsx";
import { integrationQuery } from "./queries.ts";
import { RevealedSecrets } from "./revealed-secrets.tsx";
import { kindOf } from "./senders.ts";
import { SettingsTab } from "./settings-tab.tsx";
import { SetupTab } from "./setup-tab.tsx";

const route = getRouteApi("/app/integrations/$id");
const TAB_NAMES = { inspector: "Inspector", setup: "Set up", preview: "Preview", settings: "Settings" } as const;

export function IntegrationPage() {
  const { id } = route.useParams();
  const query = useQuery(integrationQuery(id));
  return (
    <Page key={id} name={query.data?.name ?? "Integration"}>
      <QueryView query={query} label="Loading the integration">
        {(integration) => <IntegrationView integration={integration} />}
      </QueryView>
    </Page>
  );
}

function IntegrationView({ integration }: { readonly integration: Integration }) {
  const { view: tab = "inspector" } = route.useSearch();
  const may = useMay("write");
  const { id, url, last_event_at } = integration;
  return (
    <>
      <div className="section-head integration-head">
        <IntegrationStatus integration={integration} />
        <span className="tag">{kindOf(integration)}</span>
        {last_event_at === null ? null : (
          <span className="muted small">
            last event <Time at={last_event_at} as="relative" />
          </span>
        )}
        <ChangesLink id={id} />
        <IntegrationActions integration={integration} />
      </div>
      <div className="url-line">
        <code>{url}</code>
        <CopyButton label="Copy URL" text={() => url} />
      </div>
      <RevealedSecrets integration={integration} />
      <ConditionNote integration={integration} />
      <DetectedTool integration={integration} />
      <nav className="segments" aria-label="Parts of the integration">
        {INTEGRATION_TABS.filter((name) => may || name !== "preview").map((name) => (
          <Link
            key={name}
            to="/integrations/$id"
            params={{ id }}
            replace
            resetScroll={false}
            search={name === "inspector" ? {} : { view: name }}
            activeOptions={{ exact: true }}
            className="segment"
            data-selected={name === tab}
            {...(name === tab && { "aria-current": "true" as const })}
          >
            {TAB_NAMES[name]}
          </Link>
        ))}
      </nav>
      {tab === "inspector" ? <Inspector integration={integration} /> : null}
      {tab === "setup" ? <SetupTab integration={integration} /> : null}
      {tab === "preview" ? <PreviewTab integration={integration} /> : null}
      {tab === "settings" ? <SettingsTab key={id} integration={integration} /> : null}
    </>
  );
}
