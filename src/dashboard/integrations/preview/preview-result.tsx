import type { IntegrationPreview } from "../../../client/index.ts";
import { writeJson } from "../../../model/portable-json.ts";
import { useNames } from "../../api/names.ts";
import { OutcomeStatus } from "../../events/outcome.tsx";
import { TextBlock } from "../../ui/text-block.tsx";

type Verdict = IntegrationPreview["authentication"];
type PreviewedEvent = Extract<IntegrationPreview, { readonly accepted: true }>["events"][number];

/** The verdict on the credentials, then what the content is. */
export function PreviewResult({ preview }: { readonly preview: IntegrationPreview }) {
  return (
    <>
      <AuthVerdict verdict={preview.authentication} />
      {preview.accepted ? (
        <ol className="previewed" aria-label="Events">
          {preview.events.map((event, index) => (
            <li key={index}>
              <EventResult event={event} />
            </li>
          ))}
        </ol>
      ) : (
        <div className="callout" data-health="dead">
          <strong>The content would be refused.</strong>
          <ul>
            {preview.errors.map(({ path, message }) => (
              <li key={path}>
                <bdi>{path === "" ? message : `${path} ${message}`}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
      {preview.accepted && preview.events.length === 0 ? <p className="muted">It would be no event.</p> : null}
    </>
  );
}

/** What an integration checks, by the type of its authentication. */
function checkedOf(type: string): string {
  return type === "signature" ? "The signature" : "The credentials";
}

function AuthVerdict({ verdict: { type, passes, detail, signed } }: { readonly verdict: Verdict }) {
  if (type === "none") return <p className="note">This integration checks no credential.</p>;
  return (
    <>
      <p className="callout" data-health={passes ? "ok" : "dead"}>
        <strong>{`${checkedOf(type)} would be ${passes ? "accepted" : "refused"}.`}</strong>{" "}
        {detail === null ? null : <bdi>{detail}</bdi>}
      </p>
      {signed.map(({ text, encoding, bytes, sha256 }) => (
        <details key={sha256}>
          <summary>{passes ? "The bytes that were signed" : "The bytes that must have been signed"}</summary>
          <TextBlock label="Signed bytes" text={text} />
          <p className="muted small">
            {`${bytes} bytes${encoding === "base64" ? ", shown in base64" : ""}, SHA-256 `}
            <code className="hash">{sha256}</code>
          </p>
        </details>
      ))}
    </>
  );
}

function EventResult({ event }: { readonly event: PreviewedEvent }) {
  const names = useNames();
  const { outcome, type, key, alert, note, deliveries, groups, payload } = event;
  const urgency = alert?.urgency ?? null;
  return (
    <>
      <div className="section-head">
        <OutcomeStatus outcome={outcome} />
        {type === null ? null : <code>{type}</code>}
        {urgency === null ? null : <span className="tag">{urgency}</span>}
      </div>
      {alert === null ? null : (
        <p>
          <strong>
            <bdi>{alert.title}</bdi>
          </strong>
        </p>
      )}
      {key === null ? null : (
        <p className="muted small">
          key <bdi>{key}</bdi>
        </p>
      )}
      {note === null ? null : (
        <p className="note">
          <bdi>{note}</bdi>
        </p>
      )}
      <p className="muted">
        {deliveries.length + groups.length === 0 ? (
          "No destination would get it."
        ) : (
          <>
            {"To "}
            <bdi>
              {[
                ...deliveries.map(({ destination_id }) => names.destination(destination_id)),
                ...groups.map(({ route_id }) => `a group of ${names.route(route_id)}`),
              ].join(", ")}
            </bdi>
          </>
        )}
      </p>
      <details>
        <summary>Payload</summary>
        <TextBlock label="Payload" text={writeJson(payload, 2)} />
      </details>
    </>
  );
}
