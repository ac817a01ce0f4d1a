/** A part of a text. `isId`: it is the id of something that has a page. */
export type IdPart = { readonly text: string; readonly isId: boolean };

const ID = /\b(?:int|dst|rte|trf|evt|dlv|alr|rpl|tok)_[0-9a-z]{20,60}\b/gu;

/** Splits a text at the ids in it. */
export function idParts(text: string): readonly IdPart[] {
  let end = 0;
  const parts: IdPart[] = [];
  for (const { 0: id, index } of text.matchAll(ID)) {
    if (index > end) parts.push({ text: text.slice(end, index), isId: false });
    parts.push({ text: id, isId: true });
    end = index + id.length;
  }
  return end < text.length ? [...parts, { text: text.slice(end), isId: false }] : parts;
}
