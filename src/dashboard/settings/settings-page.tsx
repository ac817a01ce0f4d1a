import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";

const PAGES = [
  { to: "/settings", name: "General", scope: "read" },
  { to: "/settings/tokens", name: "API tokens", scope: "admin" },
  { to: "/settings/audit", name: "Audit trail", scope: "admin" },
  { to: "/settings/reconciliation", name: "Reconciliation", scope: "read" },
  { to: "/settings/dead-letters", name: "Dead letters", scope: "read" },
  { to: "/settings/config", name: "Configuration", scope: "read" },
  { to: "/settings/about", name: "About", scope: "read" },
] as const;

/** The frame of the settings: a link to each of their pages that the session may read. */
export function SettingsPage() {
  const isAdmin = useMay("admin");
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // On a narrow screen the links scroll sideways.
  useEffect(() => {
    nav.current?.querySelector(`[href="${pathname}"]`)?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname]);
  return (
    <Page name="Settings">
      <nav ref={nav} className="settings-nav" aria-label="Settings">
        {PAGES.filter(({ scope }) => isAdmin || scope === "read").map(({ to, name }) => (
          <Link key={to} to={to} className="settings-link" activeOptions={{ exact: true, includeSearch: false }}>
            {name}
          </Link>
        ))}
      </nav>
      <Outlet />
    </Page>
  );
}
