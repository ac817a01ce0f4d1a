import { ListIcon } from "@phosphor-icons/react/dist/csr/List";
import { MagnifyingGlassIcon } from "@phosphor-icons/react/dist/csr/MagnifyingGlass";
import { Button } from "@cloudflare/kumo/components/button";
import { Outlet } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { followChanges } from "../live/follow-changes.ts";
import { Brand } from "./brand.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { Drawer } from "./drawer.tsx";
import { Navigation } from "./navigation.tsx";
import { PaletteButton } from "./palette/palette-button.tsx";
import { PaletteHost, usePalette } from "./palette/palette.tsx";
import { SessionMenu } from "./session-menu.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";

/** The frame around every page: navigation beside it, or in a drawer on a narrow screen. */
export function Shell() {
  const [isOpen, setIsOpen] = useState(false);
  const close = useCallback(() => setIsOpen(false), []);
  const palette = usePalette();
  useEffect(() => followChanges(), []);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <aside className="sidebar" aria-label="Hookgate">
        <Brand />
        <PaletteButton onOpen={palette.open} />
        <Navigation />
        <SessionMenu />
      </aside>
      <header className="topbar">
        <Button
          variant="ghost"
          shape="square"
          icon={<ListIcon size={20} aria-hidden="true" />}
          aria-label="Open the navigation"
          onClick={() => setIsOpen(true)}
        />
        <Brand />
        <span className="spacer" />
        <Button
          variant="ghost"
          shape="square"
          icon={<MagnifyingGlassIcon size={18} aria-hidden="true" />}
          aria-label="Search or go to"
          onClick={palette.open}
        />
      </header>
      <Drawer isOpen={isOpen} onClose={close} label="Navigation">
        <Brand />
        <Navigation onNavigate={close} />
        <SessionMenu />
      </Drawer>
      <main id="main" className="main" tabIndex={-1}>
        <ConnectionBanner />
        <Outlet />
      </main>
      <ShortcutHelp />
      {palette.isOpen ? <PaletteHost onClose={palette.close} /> : null}
    </div>
  );
}
