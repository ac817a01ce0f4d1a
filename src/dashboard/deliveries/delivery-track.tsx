import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Delivery, WholeEvent } from "../../client/index.ts";
import { useNames } from "../api/names.ts";
import { type Bar, type Scale, offsetMs, waitsOf } from "../events/timeline.ts";
import { durationText } from "../ui/time-text.ts";
import { Time } from "../ui/time.tsx";
import { attemptResult, isAccepted } from "./attempt-result.ts";
import { DeliveryStatus } from "./delivery-status.tsx";
import { failureText } from "./failure-text.ts";

type DeliveryTrackProps = {
  readonly delivery: Delivery;
  readonly event: Pick<WholeEvent, "received_at">;
  readonly scale: Scale;
  /** What can be done with it. */
  readonly action?: ReactNode;
};

/** One delivery of the waterfall, with a bar for each attempt. */
export function DeliveryTrack({ delivery, event, scale, action }: DeliveryTrackProps) {
  const names = useNames();
  const { attempts, next_attempt_at } = delivery;
  const failure = failureText(delivery);
  const waits = waitsOf(event, delivery).map(({ fromMs, toMs }) => scale.barOf(fromMs, toMs));
  return (
    <div className="track">
      <div className="track-head">
        <DeliveryStatus delivery={delivery} />
        <Link to="/deliveries/$id" params={{ id: delivery.id }} className="track-name">
          <bdi>{names.destination(delivery.destination_id)}</bdi>
        </Link>
        {delivery.replay_of === null ? null : <span className="tag">replay</span>}
        <span className="spacer" />
        {action}
      </div>
      {failure === null ? null : <bdi className="note">{failure}</bdi>}
      <ol className="attempts">
        {attempts.map((attempt, index) => {
          const fromMs = offsetMs(event, attempt.at);
          const { start, width } = scale.barOf(fromMs, fromMs + attempt.duration_ms);
          return (
            <li key={`${attempt.number}-${attempt.at}`}>
              <Attempt attempt={attempt} after={durationText(fromMs)}>
                <span className="lane" aria-hidden="true">
                  <Wait bar={waits[index]} />
                  <span
                    className="bar"
                    data-health={isAccepted(attempt) ? "ok" : "dead"}
                    style={{ left: `${start * 100}%`, width: `${width * 100}%` }}
                  />
                </span>
              </Attempt>
            </li>
          );
        })}
        {next_attempt_at === null ? null : (
          <li className="attempt-line">
            <span className="attempt-number">{`#${attempts.length + 1}`}</span>
            <span className="attempt-result muted">
              next <Time at={next_attempt_at} as="relative" />
            </span>
            <span className="lane" aria-hidden="true">
              <Wait bar={waits.at(-1)} />
              <span
                className="bar bar-next"
                style={{ left: `${scale.barOf(offsetMs(event, next_attempt_at), scale.endMs).start * 100}%` }}
              />
            </span>
          </li>
        )}
      </ol>
    </div>
  );
}

/** The time for which a delivery waited for an attempt. */
function Wait({ bar }: { readonly bar: Bar | undefined }) {
  if (bar === undefined) return null;
  return <span className="bar bar-wait" style={{ left: `${bar.start * 100}%`, width: `${bar.width * 100}%` }} />;
}

type AttemptProps = {
  readonly attempt: Delivery["attempts"][number];
  readonly after: string;
  readonly children: ReactNode;
};

/** An attempt, which opens to show the response. */
function Attempt({ attempt, after, children }: AttemptProps) {
  const { number, at, duration_ms, status, response_body, error } = attempt;
  return (
    <details className="attempt">
      <summary className="attempt-line">
        <span className="attempt-number">{`#${number}`}</span>
        <span className="attempt-result" data-health={isAccepted(attempt) ? "ok" : "dead"}>
          {attemptResult(attempt)} <span className="muted">{durationText(duration_ms)}</span>
        </span>
        {children}
      </summary>
      <div className="attempt-body">
        <p className="muted small">
          <Time at={at} as="full" />
          {`, ${after} after the event`}
        </p>
        {error === null ? null : (
          <p className="note">
            <bdi>{error}</bdi>
          </p>
        )}
        {status === null ? null : (
          <pre className="code">
            {response_body === null || response_body === "" ? "(empty response)" : response_body}
          </pre>
        )}
      </div>
    </details>
  );
}
