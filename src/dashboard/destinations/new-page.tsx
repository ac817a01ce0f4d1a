import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type DestinationCreation, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { TextField } from "../forms/fields.tsx";
import { Form, FormSection } from "../forms/form.tsx";
import { SecretOnce } from "../forms/secret-once.tsx";
import { useIsChanged } from "../forms/unsaved.tsx";
import { useMay } from "../session/session.ts";
import { TransformationField } from "../transformations/transformation-field.tsx";
import { Page } from "../shell/page.tsx";
import { Empty } from "../ui/states.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { authDraftFor, authInputOf } from "./auth-draft.ts";
import {
  type DestinationType,
  type Preset,
  TYPES,
  authTypesOf,
  hasUrl,
  isFound,
  optionsOf,
  isPresetName,
  labelOf,
  presetsByCategory,
  typeOf,
  urlOf,
  urlPattern,
} from "./kinds.ts";
import { PresetSteps } from "./preset-steps.tsx";
import { presetsQuery, renewDestinations } from "./queries.ts";
import { AuthFields, SigningFields } from "./settings-fields.tsx";
import { signingDraftOf, signingInputOf } from "./signing-draft.ts";

const route = getRouteApi("/app/destinations/new");
/** The parameters that choose what is created. */
const CHOICE: readonly string[] = ["kind", "preset"];

export function NewDestinationPage() {
  const { kind, preset } = route.useSearch();
  const query = useQuery(presetsQuery);
  const may = useMay("write");
  const chosen = preset === undefined ? typeOf(kind) : "webhook";
  return (
    <Page name="Create destination">
      {may ? (
        <QueryView query={query} label="Loading presets">
          {(presets) =>
            chosen === undefined ? (
              <Gallery presets={presets} />
            ) : (
              <CreateForm
                key={`${chosen} ${preset}`}
                type={chosen}
                preset={presets.find(({ name }) => name === preset)}
              />
            )
          }
        </QueryView>
      ) : (
        <Empty title="Your token may not create destinations">It needs the scope write.</Empty>
      )}
    </Page>
  );
}

function Gallery({ presets }: { readonly presets: readonly Preset[] }) {
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const types = TYPES.filter(({ title, summary }) => isFound(q, title, summary));
  const categories = presetsByCategory(presets, q);
  return (
    <>
      <TextField
        label="Search destinations"
        path=""
        value={q}
        onChange={(text) => void navigate({ search: text === "" ? {} : { q: text }, replace: true })}
      />
      {types.length + categories.length === 0 ? (
        <Empty title="Nothing has this name">A webhook goes to any URL.</Empty>
      ) : null}
      {types.length === 0 ? null : (
        <section aria-labelledby="types-title">
          <h2 id="types-title">Any receiver</h2>
          <div className="gallery">
            {types.map(({ type, title, summary }) => (
              <Link key={type} to="/destinations/new" search={{ kind: type }} className="gallery-card">
                <strong>{title}</strong>
                <span className="muted">{summary}</span>
              </Link>
            ))}
          </div>
        </section>
      )}
      {categories.map(({ title: category, presets: found }) => (
        <section key={category} aria-label={category}>
          <h2>{category}</h2>
          <div className="gallery">
            {found.map(({ name, title, summary }) => (
              <Link key={name} to="/destinations/new" search={{ preset: name }} className="gallery-card">
                <strong>{title}</strong>
                <span className="muted">{summary}</span>
              </Link>
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

/** What to enter, and whether it can be left out. */
function hintOf({ required, hint }: Preset["options"][number]): string {
  const need = required ? "Required" : "Optional";
  return hint === undefined ? `${need}.` : `${need}: ${hint}.`;
}

type CreateFormProps = { readonly type: DestinationType; readonly preset: Preset | undefined };

/** Returns the values with a text. The gateway generates or refuses what is missing. */
function filled(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}

function CreateForm({ type, preset }: CreateFormProps) {
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const title = preset?.title ?? TYPES.find((each) => each.type === type)?.title ?? type;
  const [name, setName] = useState<string>(preset === undefined ? "" : title);
  const [url, setUrl] = useState(urlOf(preset));
  const [auth, setAuth] = useState(authDraftFor(preset === undefined ? authTypesOf(type) : (preset.auth?.types ?? [])));
  const [signing, setSigning] = useState(
    signingDraftOf({ scheme: preset === undefined ? "standard-webhooks" : "none" }),
  );
  const [options, setOptions] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(optionsOf(type).map((option) => [option.name, option.initial])),
  );
  const [transformationId, setTransformationId] = useState("");
  const bodyOf = (): DestinationCreation => {
    const named = { name, ...(transformationId !== "" && { transformation_id: transformationId }) };
    if (!hasUrl(type)) return { ...named, type, options: filled(options) };
    const address = { ...named, type, url: url.trim(), auth: authInputOf(auth) };
    if (type !== "webhook") return { ...address, options: filled(options) };
    const presetName = preset?.name ?? "";
    const payload =
      preset === undefined || !isPresetName(presetName, [preset])
        ? {}
        : { payload: { mode: "preset", preset: presetName, options: filled(options) } as const };
    return { ...address, signing: signingInputOf(signing), ...payload };
  };
  const create = useMutation({
    mutationFn: async () => unwrap(await client.destinations.create(bodyOf())),
    onSuccess: async ({ id, signing_secret }) => {
      await renewDestinations(queries);
      if (signing_secret === undefined) await navigate({ to: "/destinations/$id", params: { id } });
    },
  });
  const isChanged = useIsChanged(
    { name, url, auth, signing, options, transformationId },
    create.isPending,
    create.error,
  );
  if (create.data?.signing_secret !== undefined) {
    return (
      <>
        <h2>
          <bdi>{create.data.name}</bdi> is created
        </h2>
        <SecretOnce
          name="Signing secret"
          value={create.data.signing_secret}
          hint="Give it to the receiver now. The gateway does not show it again."
        />
        <Link to="/destinations/$id" params={{ id: create.data.id }} className="link-button" data-primary="true">
          Continue to the destination, and test it
        </Link>
      </>
    );
  }
  const fields =
    preset === undefined
      ? optionsOf(type).map((option) => ({ ...option, path: `options.${option.name}`, secret: false }))
      : preset.options.map((option) => ({
          name: option.name,
          label: labelOf(option.name),
          hint: hintOf(option),
          path: `payload.options.${option.name}`,
          secret: option.secret,
        }));
  return (
    <Form
      label={`Create destination: ${title}`}
      action="Create destination"
      isBusy={create.isPending}
      error={create.error}
      isChanged={isChanged}
      parameters={CHOICE}
      onSubmit={() => create.mutate()}
      onCancel={() => void navigate({ search: {} })}
    >
      {preset === undefined ? null : <PresetSteps preset={preset} />}
      <FormSection title={title} {...(preset === undefined ? {} : { hint: preset.summary })}>
        <TextField label="Name" path="name" value={name} onChange={setName} isRequired hasFocus />
        {hasUrl(type) ? (
          <TextField
            label="URL"
            path="url"
            type="url"
            value={url}
            placeholder={urlPattern(preset)}
            onChange={setUrl}
            isRequired
          />
        ) : null}
        {fields.map((option) => (
          <TextField
            key={option.name}
            label={option.label}
            path={option.path}
            hint={option.hint}
            type={option.secret ? "password" : "text"}
            value={options[option.name] ?? ""}
            onChange={(value) => setOptions({ ...options, [option.name]: value })}
          />
        ))}
        <TransformationField
          hint="Code that its payloads pass before they are sent."
          value={transformationId}
          onChange={setTransformationId}
        />
      </FormSection>
      {hasUrl(type) ? <AuthFields draft={auth} types={authTypesOf(type)} onChange={setAuth} isNew /> : null}
      {type === "webhook" ? <SigningFields draft={signing} onChange={setSigning} isNew /> : null}
    </Form>
  );
}
