import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type WholeTransformation, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Time } from "../ui/time.tsx";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";
import { diffLines } from "./line-diff.ts";
import { renewTransformations, versionsQuery } from "./queries.ts";

const route = getRouteApi("/app/transformations/$id");

/** The versions, what differs between one of them and the current one, and the way back to it. */
export function VersionsTab({ transformation }: { readonly transformation: WholeTransformation }) {
  const { id, version: current } = transformation;
  const query = useQuery(versionsQuery(id));
  const { version: chosen } = route.useSearch();
  return (
    <QueryView query={query} label="Loading the versions">
      {(versions) => {
        const number = Number(chosen ?? current);
        const shown = versions.find(({ version }) => version === number);
        return (
          <div className="version-columns">
            <ol className="version-list" aria-label="Versions">
              {versions.map(({ version, created_at }) => (
                <li key={version}>
                  <Link
                    to="/transformations/$id"
                    params={{ id }}
                    replace
                    search={{ view: "versions", version: String(version) }}
                    className="version-link"
                    {...(version === number && { "aria-current": "true" as const })}
                  >
                    {`Version ${version}`}
                    {version === current ? <span className="tag">current</span> : null}
                    <span className="muted small">
                      <Time at={created_at} as="relative" />
                    </span>
                  </Link>
                </li>
              ))}
            </ol>
            {shown === undefined ? (
              <p className="muted">This version is not kept any more.</p>
            ) : (
              <Comparison transformation={transformation} version={shown.version} code={shown.code} />
            )}
          </div>
        );
      }}
    </QueryView>
  );
}

type ComparisonProps = {
  readonly transformation: WholeTransformation;
  readonly version: number;
  readonly code: string;
};

function Comparison({ transformation, version, code }: ComparisonProps) {
  const isCurrent = version === transformation.version;
  const lines = diffLines(code, transformation.code);
  return (
    <section aria-labelledby="comparison-title">
      <div className="section-head">
        <h3 id="comparison-title">{isCurrent ? `Version ${version}` : `From version ${version} to the current one`}</h3>
        {isCurrent ? null : <RollBack id={transformation.id} version={version} />}
      </div>
      <div className="code diff" role="region" aria-label="Comparison" tabIndex={0}>
        {lines.map(({ mark, text }, index) => (
          <div key={`${index} ${mark}`} className="diff-line" data-mark={mark}>
            <span aria-hidden="true">{mark}</span>
            <span className="visually-hidden">{mark === "+" ? "added: " : mark === "-" ? "removed: " : ""}</span>
            <bdi>{text}</bdi>
          </div>
        ))}
      </div>
    </section>
  );
}

function RollBack({ id, version }: { readonly id: string; readonly version: number }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const rollBack = useMutation({
    mutationFn: async () => unwrap(await client.transformations.rollback(id, { version })),
    onSuccess: async (saved) => {
      notifySuccess(`Version ${saved.version} has the code of version ${version}`);
      await renewTransformations(queries);
      await navigate({ search: { view: "versions" }, replace: true });
    },
    onError: (error) => notifyFailure("The transformation was not rolled back", error),
  });
  if (!may) return null;
  return (
    <>
      <Button size="sm" variant="secondary" loading={rollBack.isPending} onClick={() => setIsAsking(true)}>
        {`Roll back to version ${version}`}
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => rollBack.mutate()}
        title={`Roll back to version ${version}?`}
        action="Roll back"
      >
        A new version with this code takes effect within ten seconds. The current one stays in the list.
      </Confirm>
    </>
  );
}
