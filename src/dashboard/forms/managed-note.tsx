import type { Destination } from "../../client/index.ts";

type ManagedNoteProps = {
  readonly kind: "integration" | "destination" | "route" | "transformation";
  readonly by: Destination["managed_by"];
};

/** Says that the next upload of the configuration file undoes what is changed here. */
export function ManagedNote({ kind, by }: ManagedNoteProps) {
  if (by !== "config") return null;
  return (
    <p className="callout" data-health="pending">
      A configuration file manages this {kind}. Change the file, too: applying it undoes what is changed here.
    </p>
  );
}
