import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { destinationsQuery, integrationsQuery, routesQuery } from "../api/names.ts";
import { COLUMNS, type Column, MAX_NODES, type MapEdge, type MapNode, healthGraph } from "./graph.ts";
import { REFRESH_MS } from "./refresh.ts";

const ROW_PX = 40;
const TITLES = {
  integration: "Integrations",
  route: "Routes",
  destination: "Destinations",
} as const satisfies Record<Column, string>;

/** Which integration reaches which destination by which route, coloured by health. On a phone it is three lists. */
export function HealthMap() {
  const { data: integrations } = useQuery({ ...integrationsQuery, refetchInterval: REFRESH_MS });
  const { data: routes } = useQuery({ ...routesQuery, refetchInterval: REFRESH_MS });
  const { data: destinations } = useQuery({ ...destinationsQuery, refetchInterval: REFRESH_MS });
  const [pointed, setPointed] = useState<string | null>(null);
  if (integrations === undefined || routes === undefined || destinations === undefined) return null;
  const { nodes, edges, rows } = healthGraph({ integrations, routes, destinations }, Date.now());
  if (nodes.length === 0) return null;
  const totals = { integration: integrations.length, route: routes.length, destination: destinations.length };
  return (
    <section aria-labelledby="map-title">
      <h2 id="map-title">Map of health</h2>
      <div className="health-map">
        <Lines edges={edges} rows={rows} pointed={pointed} />
        {COLUMNS.map((column) => {
          const own = nodes.filter((node) => node.column === column);
          return (
            <div key={column} className="map-column">
              <h3>
                {TITLES[column]}
                <span className="muted small">
                  {totals[column] > MAX_NODES ? ` ${MAX_NODES} of ${totals[column]}` : ` ${totals[column]}`}
                </span>
              </h3>
              <ul style={{ minHeight: rows * ROW_PX }}>
                {own.map((node) => (
                  <li key={node.id} onPointerEnter={() => setPointed(node.id)} onPointerLeave={() => setPointed(null)}>
                    <NodeLink node={node} onFocus={() => setPointed(node.id)} onBlur={() => setPointed(null)} />
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </div>
    </section>
  );
}

type NodeLinkProps = { readonly node: MapNode; readonly onFocus: () => void; readonly onBlur: () => void };

function NodeLink({ node, ...handlers }: NodeLinkProps) {
  const content = (
    <>
      <span className="status-dot" aria-hidden="true" />
      <bdi className="map-name">{node.name}</bdi>
      <span className="map-word">{node.word}</span>
    </>
  );
  const look = { className: "map-node", "data-health": node.health, title: node.name, ...handlers };
  switch (node.column) {
    case "integration":
      return (
        <Link to="/integrations/$id" params={{ id: node.id }} {...look}>
          {content}
        </Link>
      );
    case "route":
      return (
        <Link to="/routes/$id" params={{ id: node.id }} {...look}>
          {content}
        </Link>
      );
    case "destination":
      return (
        <Link to="/destinations/$id" params={{ id: node.id }} {...look}>
          {content}
        </Link>
      );
  }
}

type LinesProps = { readonly edges: readonly MapEdge[]; readonly rows: number; readonly pointed: string | null };

/** The lines between the columns. The columns have equal widths, so no place is measured. */
function Lines({ edges, rows, pointed }: LinesProps) {
  return (
    <svg
      className="map-lines"
      viewBox={`0 0 100 ${rows}`}
      preserveAspectRatio="none"
      height={rows * ROW_PX}
      aria-hidden="true"
    >
      {edges.map(({ from, to, health }) => {
        const [start, end] = from.column === "integration" ? [26, 37] : [63, 74];
        const middle = (start + end) / 2;
        return (
          <path
            key={`${from.id} ${to.id}`}
            data-health={health}
            data-pointed={pointed !== null && (from.id === pointed || to.id === pointed)}
            d={`M${start} ${from.at} C${middle} ${from.at} ${middle} ${to.at} ${end} ${to.at}`}
          />
        );
      })}
    </svg>
  );
}
