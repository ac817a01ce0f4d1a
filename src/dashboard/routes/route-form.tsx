import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { RouteCreation, RoutePreviewRequest } from "../../client/index.ts";
import { GATEWAY_EVENT_TYPES, MESSAGE_TYPES, type MessageType } from "../../model/event-types.ts";
import { destinationsQuery, integrationsQuery } from "../api/names.ts";
import { fieldErrorsOf, type FieldErrors } from "../forms/field-errors.ts";
import { SwitchField, TextField } from "../forms/fields.tsx";
import { Form } from "../forms/form.tsx";
import { useIsChanged } from "../forms/unsaved.tsx";
import { ChoiceList } from "./choice-list.tsx";
import { type Draft, type Filter, bodyOf, matchOf, withTree, withView } from "./draft.ts";
import { EventFields } from "./event-fields.tsx";
import { type Field, documentOf, knownFields } from "./filter/event-document.ts";
import { EMPTY_CONDITION, completeOf, withCondition, writeMatch } from "./filter/match-tree.ts";
import { isScalar } from "./filter/operators.ts";
import { GroupingFields } from "./grouping-fields.tsx";
import { MatchField } from "./match-field.tsx";
import { RoutePreviewList } from "./route-preview.tsx";
import { previewQuery, samplesQuery } from "./samples-query.ts";
import { useDebounced } from "../ui/use-debounced.ts";

const PREVIEW_AFTER_MS = 400;
const OWN_TYPES: readonly MessageType[] = [...GATEWAY_EVENT_TYPES, "test"];
const OWN_TYPE_OPTIONS = OWN_TYPES.map((value) => ({ value, label: value }));
const TYPE_OPTIONS = MESSAGE_TYPES.filter((type) => type !== "event.group" && !OWN_TYPES.includes(type)).map(
  (value) => ({ value, label: value }),
);

type RouteFormProps = {
  readonly initial: Draft;
  readonly label: string;
  readonly action: string;
  /** Whether the form says if the route is enabled. A stored route has a button for it, which acts at once. */
  readonly hasSwitch: boolean;
  readonly onSave: (body: RouteCreation) => void;
  readonly onCancel: () => void;
  readonly isSaving: boolean;
  readonly error: unknown;
  readonly eventId: string | undefined;
  readonly onSelectEvent: (id: string) => void;
  readonly onView: (view: Filter["view"]) => void;
};

function withField(filter: Filter, { path, value }: Field): Filter {
  const shown = withView(filter, "builder");
  if (shown.view !== "builder" || !isScalar(value)) return filter;
  const test = { ...EMPTY_CONDITION.test, value };
  const tree = withTree(withCondition(shown.tree, { ...EMPTY_CONDITION, path, test }));
  return withView(tree, filter.view);
}

/** The form of a route, with the events beside it that the route would take and whose fields its conditions are made from. */
export function RouteForm(props: RouteFormProps) {
  const { initial, label, action, hasSwitch, onSave, onCancel, isSaving, error, eventId, onSelectEvent, onView } =
    props;
  const [draft, setDraft] = useState(initial);
  const change = (changed: Partial<Draft>): void => setDraft((now) => ({ ...now, ...changed }));
  const { data: integrations = [] } = useQuery(integrationsQuery);
  const { data: destinations = [] } = useQuery(destinationsQuery);
  const [only, ...others] = draft.integrationIds ?? [];
  const { data: samples = [] } = useQuery(samplesQuery(others.length === 0 ? only : undefined));
  const fields = useMemo(() => knownFields(samples.map(documentOf)), [samples]);
  const read = matchOf(draft.filter);
  const wouldSave = read.ok ? bodyOf(draft, read.match) : draft;
  const isChanged = useIsChanged(wouldSave, isSaving, error);
  const previewed = useDebounced(previewOf(draft), PREVIEW_AFTER_MS);
  const preview = useQuery({ ...previewQuery(previewed), enabled: read.ok });
  const errors: FieldErrors = fieldErrorsOf(preview.error ?? error);

  return (
    <div className="route-columns">
      <Form
        label={label}
        action={action}
        isBusy={isSaving}
        error={error}
        isChanged={isChanged}
        onCancel={onCancel}
        onSubmit={() => (read.ok ? onSave(bodyOf(draft, read.match)) : undefined)}
      >
        <div className="form-section route-first">
          <TextField label="Name" path="name" value={draft.name} onChange={(name) => change({ name })} isRequired />
          {hasSwitch ? (
            <SwitchField
              label="Enabled"
              path="enabled"
              value={draft.enabled}
              onChange={(enabled) => change({ enabled })}
            />
          ) : null}
        </div>
        <div className="form-section">
          <ChoiceList
            label="Integrations"
            path="integration_ids"
            all="All integrations"
            options={integrations.map(({ id, name }) => ({ value: id, label: name }))}
            chosen={draft.integrationIds}
            onChange={(integrationIds) => change({ integrationIds })}
          />
        </div>
        <div className="form-section">
          <ChoiceList
            label="Event types"
            path="event_types"
            all="All types"
            hint="All but repeats, tests and the gateway’s own events, which a route must name."
            options={TYPE_OPTIONS}
            more={{ label: "The gateway’s own events", options: OWN_TYPE_OPTIONS }}
            chosen={draft.eventTypes}
            onChange={(eventTypes) => change({ eventTypes })}
          />
        </div>
        <MatchField
          filter={draft.filter}
          fields={fields}
          errors={errors}
          isReadOnly={false}
          onChange={(filter) => {
            if (filter.view !== draft.filter.view) onView(filter.view);
            change({ filter });
          }}
        />
        <div className="form-section">
          <ChoiceList
            label="Destinations"
            path="destination_ids"
            options={destinations.map(({ id, name, enabled }) => ({
              value: id,
              label: name,
              ...(enabled ? {} : { note: "disabled" }),
            }))}
            chosen={draft.destinationIds}
            onChange={(destinationIds) => change({ destinationIds: destinationIds ?? [] })}
            empty="There are no destinations yet. Create one first."
          />
        </div>
        <GroupingFields draft={draft} onChange={change} />
      </Form>
      <aside className="route-aside" aria-label="Stored events">
        <section className="aside-box" aria-labelledby="preview-title">
          <h3 id="preview-title">What would match</h3>
          <RoutePreviewList query={preview} samples={samples} />
        </section>
        <section className="aside-box" aria-labelledby="fields-title">
          <h3 id="fields-title">Fields of an event</h3>
          <p className="muted small">Choose a field to add a condition on its value.</p>
          <EventFields
            samples={samples}
            eventId={eventId}
            onSelect={onSelectEvent}
            onPick={(field) => change({ filter: withField(draft.filter, field) })}
          />
        </section>
      </aside>
    </div>
  );
}

/** What the preview asks for. An incomplete condition is left out: the list must not flicker while one is written. */
function previewOf({ integrationIds, eventTypes, filter, windowSeconds }: Draft): RoutePreviewRequest {
  const read = matchOf(filter);
  const match = filter.view === "builder" ? writeMatch(completeOf(filter.tree)) : read.ok ? read.match : null;
  return {
    integration_ids: integrationIds,
    event_types: eventTypes,
    match,
    group_window_seconds: Number(windowSeconds),
  };
}
