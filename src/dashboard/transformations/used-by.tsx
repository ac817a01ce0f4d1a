import { Link } from "@tanstack/react-router";
import type { WholeTransformation } from "../../client/index.ts";
import { useNames } from "../api/names.ts";
import { ResourceLink } from "../shell/resource-link.tsx";

/** What passes a transformation, and where that is set. */
export function UsedBy({ transformation }: { readonly transformation: WholeTransformation }) {
  const names = useNames();
  const { integration_ids, destination_ids } = transformation;
  const ids = [...integration_ids, ...destination_ids];
  if (ids.length === 0) {
    return (
      <p className="muted">
        Nothing passes it yet. Choose it in the settings of an <Link to="/integrations">integration</Link> or a{" "}
        <Link to="/destinations">destination</Link>.
      </p>
    );
  }
  return (
    <div className="used-by">
      <span className="muted" id="used-by">
        Used by
      </span>
      <ul aria-labelledby="used-by">
        {ids.map((id) => (
          <li key={id}>
            <ResourceLink id={id}>
              <bdi>{names.find(id) ?? id}</bdi>
            </ResourceLink>{" "}
            <span className="muted small">{id.startsWith("int_") ? "integration" : "destination"}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
