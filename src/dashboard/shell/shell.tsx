import { ListIcon } from "@phosphor-icons/react/dist/csr/List";
import { Button } from "@cloudflare/kumo/components/button";
import { Outlet } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { Brand } from "./brand.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { Drawer } from "./drawer.tsx";
import { Navigation } from "./navigation.tsx";
import { SessionMenu } from "./session-menu.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";

/** The frame around every page: navigation beside it, or in a drawer on a narrow screen. */
export function Shell() {
  const [isOpen, setIsOpen] = useState(false);
  const close = useCallback(() => setIsOpen(false), []);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <aside className="sidebar" aria-label="Hookgate">
        <Brand />
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
    </div>
  );
}
