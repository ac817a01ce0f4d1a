import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { DestinationPreview } from "../../client/index.ts";
import { eventTitle } from "../events/event-title.ts";
import { Editor } from "../forms/editor.tsx";
import { SelectField } from "../forms/fields.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { lineIn, messageOf } from "./payload-draft.ts";
import { recentEventsQuery } from "./queries.ts";

const route = getRouteApi("/app/destinations/$id");
/** Waits until typing pauses: each preview makes the gateway render the event. */
export const PREVIEW_AFTER_MS = 350;
const NEWEST = "newest";

type PreviewProps = { readonly query: { readonly data: DestinationPreview | undefined; readonly error: unknown } };

/** What a destination sends for an event, which is chosen here. The choice is in the address. */
export function EventPreview({ query }: PreviewProps) {
  const { method, placeholders = [] } = query.data?.ok === true ? query.data : {};
  return (
    <section className="preview" aria-labelledby="preview-title">
      <div className="section-head">
        <h2 id="preview-title">Preview</h2>
      </div>
      <EventChoice />
      {method === undefined ? null : <p className="muted small">{`By ${method}.`}</p>}
      <PreviewResult query={query} />
      {placeholders.length === 0 ? null : (
        <p className="muted small">{`No value was captured yet for ${placeholders.join(", ")}: the name stands in its place.`}</p>
      )}
    </section>
  );
}

function EventChoice() {
  const { event = NEWEST } = route.useSearch();
  const navigate = route.useNavigate();
  const { data = [] } = useQuery(recentEventsQuery);
  const events = data.filter(({ type }) => type !== null);
  return (
    <SelectField
      label="Event"
      path="event_id"
      value={event}
      options={[
        { value: NEWEST, label: "The newest event" },
        ...(event === NEWEST || events.some(({ id }) => id === event) ? [] : [{ value: event, label: event }]),
        ...events.map((one) => ({ value: one.id, label: `${eventTitle(one)} (${one.type ?? ""})` })),
      ]}
      onChange={(id) =>
        void navigate({
          replace: true,
          search: ({ event: _event, ...search }) => (id === NEWEST ? search : { ...search, event: id }),
        })
      }
    />
  );
}

function PreviewResult({ query: { data, error } }: PreviewProps) {
  if (error !== null) {
    return (
      <p className="form-error" role="alert">
        {messageOf(error)}
      </p>
    );
  }
  if (data === undefined) return <p className="muted">Rendering…</p>;
  if (data.ok) {
    return (
      <>
        <p className="muted small">
          <bdi>{data.content_type}</bdi>
          {data.url === undefined ? null : <bdi>{`, to ${data.url}`}</bdi>}
          {data.truncated === undefined ? null : `, the start of ${data.bytes} bytes`}
        </p>
        <TextBlock label="Rendered payload" text={data.body ?? data.body_base64 ?? ""} />
      </>
    );
  }
  return (
    <>
      <p className="form-error" role="alert">
        <bdi>{data.error}</bdi>
      </p>
      {data.rendered === undefined ? null : (
        <Editor
          label="Rendered payload"
          language="json"
          isReadOnly
          value={data.rendered}
          problems={[{ line: lineIn(data.error), message: data.error }]}
        />
      )}
    </>
  );
}
