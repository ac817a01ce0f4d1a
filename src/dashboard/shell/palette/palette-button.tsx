import { MagnifyingGlassIcon } from "@phosphor-icons/react/dist/csr/MagnifyingGlass";
import { PALETTE_KEYS } from "../shortcuts.ts";

/** Opens the command palette, and says by which keys it opens, too. */
export function PaletteButton({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <button type="button" className="palette-button" aria-label="Search or go to" onClick={onOpen}>
      <MagnifyingGlassIcon size={15} aria-hidden="true" />
      Search
      <kbd aria-hidden="true">{PALETTE_KEYS}</kbd>
    </button>
  );
}
