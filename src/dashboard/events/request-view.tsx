import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { WholeEvent } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { integrationsQuery } from "../api/names.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { curlCommand } from "./curl.ts";
import { REQUEST_TABS, type RequestTab } from "./search.ts";

const TAB_NAMES = { pretty: "Pretty", raw: "Raw", headers: "Headers" } as const satisfies Record<RequestTab, string>;

/** The payload as one text. A text payload is shown as it is. */
function textOf(payload: WholeEvent["payload"], indent: number): string {
  return typeof payload === "string" ? payload : writeJson(payload, indent);
}

/** What the sender sent. Everything here was written by a stranger and is shown as text only. */
export function RequestView({ event }: { readonly event: WholeEvent }) {
  const { tab = "pretty" } = useSearch({ strict: false });
  const { data: integrations } = useQuery(integrationsQuery);
  const url = integrations?.find(({ id }) => id === event.integration_id)?.url;
  return (
    <section aria-labelledby="request-title">
      <div className="section-head">
        <h3 id="request-title">Request</h3>
        <nav className="segments" aria-label="How the request is shown">
          {REQUEST_TABS.map((name) => (
            <Link
              key={name}
              to="."
              resetScroll={false}
              replace
              search={({ tab: _tab, ...search }) => (name === "pretty" ? search : { ...search, tab: name })}
              className="segment"
              data-selected={name === tab}
              {...(name === tab && { "aria-current": "true" as const })}
            >
              {TAB_NAMES[name]}
            </Link>
          ))}
        </nav>
        <span className="spacer" />
        {tab === "headers" ? null : (
          <CopyButton label="Copy" text={() => textOf(event.payload, tab === "raw" ? 0 : 2)} />
        )}
        {url === undefined ? null : <CopyButton label="Copy as curl" text={() => curlCommand(url, event)} />}
      </div>
      {tab === "headers" ? (
        <Headers headers={event.headers} />
      ) : (
        <TextBlock label="Payload" text={textOf(event.payload, tab === "raw" ? 0 : 2)} />
      )}
    </section>
  );
}

function Headers({ headers }: Pick<WholeEvent, "headers">) {
  const entries = Object.entries(headers ?? {});
  if (entries.length === 0) return <p className="muted">No headers were stored with this event.</p>;
  return (
    <dl className="headers">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
