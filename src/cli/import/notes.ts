/** Whether something is in the document: as it was, in another way, or not at all. */
export type NoteKind = "changed" | "left";

type Note = { readonly kind: NoteKind; readonly subject: string; readonly what: string; readonly why: string };

const MAX_SUBJECTS = 5;
const HEADINGS = { changed: "Taken over in another way:", left: "Not taken over:" } as const;

/** What an import says beside its document. Notes contain names of fields, and no value of a secret. */
export class Notes {
  readonly #notes: Note[] = [];

  /** A field that the document contains in another way. */
  changed(subject: string, what: string, why: string): void {
    this.#notes.push({ kind: "changed", subject, what, why });
  }

  /** A field that the document does not contain. */
  left(subject: string, what: string, why: string): void {
    this.#notes.push({ kind: "left", subject, what, why });
  }

  /** The lines of one kind. What is the same for several things is said once. */
  #linesOf(kind: NoteKind): readonly string[] {
    const subjects = new Map<string, string[]>();
    for (const { subject, what, why } of this.#notes.filter((note) => note.kind === kind)) {
      const said = `${what}: ${why}`;
      subjects.set(said, [...(subjects.get(said) ?? []), subject]);
    }
    return [...subjects].map(([said, all]) => {
      const unique = [...new Set(all)];
      const more = unique.length > MAX_SUBJECTS ? ` and ${unique.length - MAX_SUBJECTS} more` : "";
      return `  ${unique.slice(0, MAX_SUBJECTS).join(", ")}${more}: ${said}`;
    });
  }

  lines(): readonly string[] {
    return (["changed", "left"] as const).flatMap((kind) => {
      const lines = this.#linesOf(kind);
      return lines.length === 0 ? [] : [HEADINGS[kind], ...lines];
    });
  }
}
