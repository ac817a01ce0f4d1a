import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Alert, AlertDetails } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { useNames } from "../api/names.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { Time } from "../ui/time.tsx";
import { repeatsText } from "./alert-row.tsx";
import { AlertStatus, UrgencyTag } from "./alert-status.tsx";

/** What the sender says about an alert, and what the gateway has counted. All texts are a stranger's. */
export function AlertFacts({ alert }: { readonly alert: AlertDetails }) {
  const names = useNames();
  const { integration_id, key, urgency, tags, incident, description, dedup_count } = alert;
  return (
    <>
      <dl className="facts">
        <Fact name="Status">
          <AlertStatus status={alert.status} />
        </Fact>
        <Fact name="Urgency">{urgency === null ? "none" : <UrgencyTag urgency={urgency} />}</Fact>
        <Fact name="Integration">
          <Link to="/integrations/$id" params={{ id: integration_id }}>
            <bdi>{names.integration(integration_id)}</bdi>
          </Link>
        </Fact>
        <Fact name="Repeated">{dedup_count === 0 ? "not yet" : repeatsText(dedup_count)}</Fact>
        <Fact name="Opened">
          <Time at={alert.created_at} as="full" />
        </Fact>
        {alert.acknowledged_at === null ? null : (
          <Fact name="Acknowledged">
            <Time at={alert.acknowledged_at} as="full" />
          </Fact>
        )}
        {alert.resolved_at === null ? null : (
          <Fact name="Resolved">
            <Time at={alert.resolved_at} as="full" />
          </Fact>
        )}
        <Fact name="Key">
          <span className="alert-key">
            <code>
              <bdi>{key}</bdi>
            </code>
            <CopyButton label="Copy key" text={() => key} />
          </span>
        </Fact>
        {incident === null ? null : (
          <Fact name="Incident">
            {`${incident.severity} `}
            <bdi>{incident.message}</bdi>
          </Fact>
        )}
        {tags.length === 0 ? null : (
          <Fact name="Tags">
            <span className="alert-tags">
              {tags.map((tag) => (
                <bdi key={tag} className="tag">
                  {tag}
                </bdi>
              ))}
            </span>
          </Fact>
        )}
      </dl>
      {description === "" ? null : (
        <section aria-labelledby="description-title">
          <div className="section-head">
            <h3 id="description-title">Description</h3>
          </div>
          <TextBlock label="Description" text={description} />
        </section>
      )}
      <Fields alert={alert} />
      <CapturedValues captured={alert.captured} />
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : writeJson(value);
}

/** The sender's own fields. */
function Fields({ alert: { meta, additional_data } }: { readonly alert: Alert }) {
  const fields = [
    ...additional_data.map(({ label, value }, index) => ({ id: `data-${index}`, name: label, value: textOf(value) })),
    ...Object.entries(meta).map(([name, value]) => ({ id: `meta-${name}`, name, value: textOf(value) })),
  ];
  if (fields.length === 0) return null;
  return (
    <section aria-labelledby="fields-title">
      <div className="section-head">
        <h3 id="fields-title">Fields</h3>
      </div>
      <dl className="headers">
        {fields.map(({ id, name, value }) => (
          <div key={id}>
            <dt>
              <bdi>{name}</bdi>
            </dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What destinations responded about the alert, such as the keys of tickets. */
function CapturedValues({ captured }: Pick<AlertDetails, "captured">) {
  const names = useNames();
  if (captured.length === 0) return null;
  return (
    <section aria-labelledby="captured-title">
      <div className="section-head">
        <h3 id="captured-title">Kept from responses</h3>
      </div>
      <dl className="headers">
        {captured.flatMap(({ destination_id, values }) =>
          Object.entries(values).map(([name, value]) => (
            <div key={`${destination_id} ${name}`}>
              <dt>
                <Link to="/destinations/$id" params={{ id: destination_id }}>
                  <bdi>{names.destination(destination_id)}</bdi>
                </Link>{" "}
                <bdi>{name}</bdi>
              </dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          )),
        )}
      </dl>
    </section>
  );
}
