import { useQuery } from "@tanstack/react-query";
import { Editor } from "../forms/editor.tsx";
import { SelectField, SwitchField, TextField } from "../forms/fields.tsx";
import { FormSection } from "../forms/form.tsx";
import { type OptionsDraft, URGENCY_CHOICES } from "./options-draft.ts";
import { ruleSetsQuery } from "./queries.ts";

type OptionFieldsProps = {
  readonly type: string;
  readonly draft: OptionsDraft;
  readonly onChange: (draft: OptionsDraft) => void;
};

/** How the requests of the sender are understood. */
export function OptionFields(props: OptionFieldsProps) {
  const { draft, onChange } = props;
  return (
    <FormSection title="Options">
      <OptionsOfType {...props} />
      <TextField
        label="Expect an event every (minutes)"
        path="options.expect_every_minutes"
        hint="If none arrives for so long, the integration is silent: the overview says so. Empty expects none."
        value={draft.expect_every_minutes}
        onChange={(expect_every_minutes) => onChange({ ...draft, expect_every_minutes })}
      />
    </FormSection>
  );
}

function OptionsOfType(props: OptionFieldsProps) {
  const { draft, onChange } = props;
  switch (props.type) {
    case "catch":
      return (
        <>
          <TextField
            label="Child key"
            path="options.child_key"
            hint="A dotted path, such as data.items, to the part of the body that is the event. Empty takes the whole body."
            value={draft.child_key}
            onChange={(child_key) => onChange({ ...draft, child_key })}
          />
          <SwitchField
            label="One event for each item of a list"
            path="options.fan_out"
            value={draft.fan_out}
            onChange={(fan_out) => onChange({ ...draft, fan_out })}
          />
          <SwitchField
            label="Keep the body as it came"
            path="options.raw"
            value={draft.raw}
            onChange={(raw) => onChange({ ...draft, raw })}
          />
        </>
      );
    case "pagertree":
      return (
        <>
          <TextField
            label="Wrapper key"
            path="options.wrapper_key"
            hint="A JMESPath expression for where the fields are. Empty if they are at the top."
            value={draft.wrapper_key}
            onChange={(wrapper_key) => onChange({ ...draft, wrapper_key })}
          />
          <SelectField
            label="Default urgency"
            path="options.default_urgency"
            options={URGENCY_CHOICES.map((value) => ({ value, label: value }))}
            value={draft.default_urgency}
            onChange={(default_urgency) => onChange({ ...draft, default_urgency })}
          />
          <SwitchField
            label="Capture additional data"
            path="options.capture_additional_data"
            hint="Every other key of the body becomes an entry of the alert."
            value={draft.capture_additional_data}
            onChange={(capture_additional_data) => onChange({ ...draft, capture_additional_data })}
          />
          <Templates {...props} />
        </>
      );
    case "rules":
      return <Rules {...props} />;
    default:
      return <Templates {...props} />;
  }
}

function Templates({ draft, onChange }: OptionFieldsProps) {
  return (
    <>
      <TextField
        label="Title template"
        path="options.title_template"
        hint="Such as {{ data.host }}: {{ data.message }}. Empty uses the title of the sender."
        value={draft.title_template}
        onChange={(title_template) => onChange({ ...draft, title_template })}
      />
      <Editor
        label="Description template"
        path="options.description_template"
        language="text"
        value={draft.description_template}
        onChange={(description_template) => onChange({ ...draft, description_template })}
      />
    </>
  );
}

const OWN_RULES = { value: "", label: "Rules of my own" } as const;

function Rules({ draft, onChange }: OptionFieldsProps) {
  const { data } = useQuery(ruleSetsQuery);
  const ruleSets = (data ?? []).map(({ name, title }) => ({ value: name, label: title }));
  return (
    <>
      <SelectField
        label="Rule set"
        path="options.rule_set"
        options={[OWN_RULES, ...ruleSets]}
        value={draft.rule_set}
        onChange={(rule_set) => onChange({ ...draft, rule_set })}
      />
      {draft.rule_set === "" ? (
        <Editor
          label="Rules"
          path="options"
          language="json"
          hint="An object with rules, and with default, preprocess and each if you need them."
          value={draft.rules}
          onChange={(rules) => onChange({ ...draft, rules })}
        />
      ) : null}
    </>
  );
}
