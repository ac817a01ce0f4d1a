import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { sendersQuery } from "./measures.ts";
import type { ChartRange } from "./search.ts";

const NUMBER = new Intl.NumberFormat();
const PERCENT = new Intl.NumberFormat(undefined, { style: "percent" });

/** How many events each integration received in a range, the busiest first. They are read while it is open. */
export function Senders({ range }: { readonly range: ChartRange }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="numbers" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>Events by integration, the busiest first</summary>
      {isOpen ? <SenderTable range={range} /> : null}
    </details>
  );
}

function SenderTable({ range }: { readonly range: ChartRange }) {
  const query = useQuery(sendersQuery(range));
  return (
    <QueryView query={query} label="Loading the integrations">
      {(senders) => {
        const total = senders.reduce((sum, { count }) => sum + count, 0);
        if (total === 0) return <p className="muted">No event was accepted.</p>;
        return (
          <PlainTable
            label={`Events by integration of ${range.name}`}
            columns={["Integration", "Events", "Share"]}
            rows={senders.map(({ id, name, count }) => ({
              id: id ?? name,
              cells: [
                id === null ? (
                  name
                ) : (
                  <Link key="name" to="/events" search={{ integration: id, range: range.value }}>
                    <bdi>{name}</bdi>
                  </Link>
                ),
                NUMBER.format(count),
                PERCENT.format(count / total),
              ],
            }))}
          />
        );
      }}
    </QueryView>
  );
}
