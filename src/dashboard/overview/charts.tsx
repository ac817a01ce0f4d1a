import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense, lazy } from "react";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";
import type { Health } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { type Counts, measuresQuery, totalOf } from "./measures.ts";
import { CHART_RANGES, type ChartRange } from "./search.ts";
import { Senders } from "./senders.tsx";

const Plot = lazy(async () => ({ default: (await import("./plot.tsx")).Plot }));

const NUMBER = new Intl.NumberFormat();

/** What was accepted, delivered and died in a range, as charts and as a table with the same numbers. */
export function Charts({ range }: { readonly range: ChartRange }) {
  const query = useQuery(measuresQuery(range));
  return (
    <section aria-labelledby="charts-title">
      <div className="section-head">
        <h2 id="charts-title">{`In ${range.name}`}</h2>
        <nav className="segments" aria-label="Range">
          {CHART_RANGES.map(({ value, label }) => (
            <Link
              key={value}
              to="/"
              search={{ range: value }}
              replace
              className="segment"
              data-selected={value === range.value}
              aria-current={value === range.value ? "true" : undefined}
            >
              {label}
            </Link>
          ))}
        </nav>
      </div>
      <QueryView query={query} label="Loading the charts">
        {({ accepted, delivered, failed }) => (
          <>
            <div className="charts">
              <Chart label="Accepted events" counts={accepted} colour="accent" health="quiet" />
              <Chart label="Successful deliveries" counts={delivered} colour="ok" health="ok" />
              <Chart
                label="Dead deliveries"
                counts={failed}
                colour="dead"
                health={totalOf(failed) > 0 ? "dead" : "quiet"}
              />
            </div>
            <details className="numbers">
              <summary>The numbers as a table</summary>
              <PlainTable
                label={`Counts of ${range.name}`}
                columns={["From", "Accepted events", "Successful deliveries", "Dead deliveries"]}
                rows={accepted.times
                  .map((time, index) => ({
                    id: String(time),
                    cells: [
                      <Time key="from" at={new Date(time * 1_000).toISOString()} />,
                      ...[accepted, delivered, failed].map(({ values }) => NUMBER.format(values[index] ?? 0)),
                    ],
                  }))
                  .toReversed()}
              />
            </details>
          </>
        )}
      </QueryView>
      <Senders range={range} />
    </section>
  );
}

type ChartProps = {
  readonly label: string;
  readonly counts: Counts;
  /** The token of the line's colour. */
  readonly colour: string;
  readonly health: Health;
};

function Chart({ label, counts, colour, health }: ChartProps) {
  return (
    <figure className="chart" data-health={health}>
      <figcaption>
        <span className="tile-label">{label}</span>
        <span className="chart-total">{NUMBER.format(totalOf(counts))}</span>
      </figcaption>
      <Suspense fallback={<div className="plot" />}>
        <Plot counts={counts} colour={colour} />
      </Suspense>
    </figure>
  );
}
