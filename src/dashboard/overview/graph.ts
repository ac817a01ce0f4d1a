import type { Destination, Integration, Route } from "../../client/index.ts";
import type { Health } from "../ui/status.tsx";
import { destinationCondition, integrationCondition } from "./problems.ts";

export const COLUMNS = ["integration", "route", "destination"] as const;
export type Column = (typeof COLUMNS)[number];

export type MapNode = {
  readonly id: string;
  readonly column: Column;
  readonly name: string;
  readonly health: Health;
  readonly word: string;
  /** The middle of the node, in rows from the top. */
  readonly at: number;
};
export type MapEdge = { readonly from: MapNode; readonly to: MapNode; readonly health: Health };
export type HealthGraph = {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly rows: number;
};

/** The most nodes of a column. The pages list all of them. */
export const MAX_NODES = 30;

const WORST_FIRST = ["dead", "failing", "pending", "ok", "quiet"] as const satisfies readonly Health[];

type Placed = Omit<MapNode, "at">;

/** Takes the worst nodes if there are too many, and centres their column. */
function place(nodes: readonly Placed[], rows: number): readonly MapNode[] {
  return nodes.map((node, index) => ({ ...node, at: (rows - nodes.length) / 2 + index + 0.5 }));
}

function worst(nodes: readonly Placed[]): readonly Placed[] {
  if (nodes.length <= MAX_NODES) return nodes;
  return nodes.toSorted((a, b) => WORST_FIRST.indexOf(a.health) - WORST_FIRST.indexOf(b.health)).slice(0, MAX_NODES);
}

type Config = {
  readonly integrations: readonly Integration[];
  readonly routes: readonly Route[];
  readonly destinations: readonly Destination[];
};

/** Returns which integration reaches which destination by which route, each with its health and its place. */
export function healthGraph({ integrations, routes, destinations }: Config, nowMs: number): HealthGraph {
  const columns = [
    integrations.map(({ id, name, ...state }): Placed => {
      const { health, word } = integrationCondition(state, nowMs);
      return { id, column: "integration", name, health, word };
    }),
    routes.map(({ id, name, enabled }): Placed => {
      return { id, column: "route", name, health: enabled ? "ok" : "quiet", word: enabled ? "enabled" : "disabled" };
    }),
    destinations.map(({ id, name, ...state }): Placed => {
      const { health, word } = destinationCondition(state);
      return { id, column: "destination", name, health, word };
    }),
  ].map(worst);
  const rows = Math.max(1, ...columns.map(({ length }) => length));
  const nodes = columns.flatMap((column) => place(column, rows));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const all = nodes.filter(({ column }) => column === "integration").map(({ id }) => id);
  const edges = routes.flatMap(({ id, enabled, integration_ids, destination_ids }): MapEdge[] => {
    const route = byId.get(id);
    if (route === undefined) return [];
    const line = (from: MapNode, to: MapNode, end: MapNode): MapEdge => ({
      from,
      to,
      health: enabled ? end.health : "quiet",
    });
    return [
      ...(integration_ids ?? all).flatMap((each) => {
        const node = byId.get(each);
        return node === undefined ? [] : [line(node, route, node)];
      }),
      ...destination_ids.flatMap((each) => {
        const node = byId.get(each);
        return node === undefined ? [] : [line(route, node, node)];
      }),
    ];
  });
  return { nodes, edges, rows };
}
