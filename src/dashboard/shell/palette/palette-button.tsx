import { MagnifyingGlassIcon } from "@phosphor-icons/react/dist/csr/MagnifyingGlass";
import { PALETTE_KEYS } from "../shortcuts.ts";

/** Opens the command palette, and says by which keys it opens, too. */
export function PaletteButton({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <button type="button" className="palette-button" onClick={onOpen}>
      <MagnifyingGlassIcon size={15} aria-hidden="true" />
      <span>
        Search<span className="visually-hidden"> or go to</span>
      </span>
      <kbd aria-hidden="true">{PALETTE_KEYS}</kbd>
    </button>
  );
}
