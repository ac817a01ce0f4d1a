import { Button } from "@cloudflare/kumo/components/button";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { stringify } from "yaml";
import { type ConfigDocument, unwrap } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { DIGITS_TAG } from "../../model/portable-yaml.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { QueryView } from "../ui/query-view.tsx";
import { ApplyConfig } from "./apply-config.tsx";

const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: async ({ signal }) => unwrap(await client.config.get({ signal })),
});

function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** The configuration as a file: download it, or apply one after its plan was shown. */
export function Config() {
  const query = useQuery(configQuery);
  const mayWrite = useMay("write");
  return (
    <section className="settings-stack" aria-labelledby="config-title">
      <h2 id="config-title">Configuration</h2>
      <QueryView query={query} label="Loading the configuration">
        {(document) => (
          <>
            <Downloads document={document} />
            {mayWrite ? <ApplyConfig current={document} /> : null}
          </>
        )}
      </QueryView>
    </section>
  );
}

function Downloads({ document }: { readonly document: ConfigDocument }) {
  return (
    <div className="settings-row">
      <p className="muted">The file has every integration, destination, route and transformation, and no secret.</p>
      <Button
        variant="secondary"
        onClick={() =>
          download(
            "hookgate.yaml",
            "application/yaml",
            stringify(document, { aliasDuplicateObjects: false, customTags: [DIGITS_TAG] }),
          )
        }
      >
        Download YAML
      </Button>
      <Button
        variant="secondary"
        onClick={() => download("hookgate.json", "application/json", `${writeJson(document, 2)}\n`)}
      >
        Download JSON
      </Button>
    </div>
  );
}
