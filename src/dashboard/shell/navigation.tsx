import { ArrowsSplitIcon } from "@phosphor-icons/react/dist/csr/ArrowsSplit";
import { BellSimpleIcon } from "@phosphor-icons/react/dist/csr/BellSimple";
import { FunctionIcon } from "@phosphor-icons/react/dist/csr/Function";
import { GaugeIcon } from "@phosphor-icons/react/dist/csr/Gauge";
import { GearSixIcon } from "@phosphor-icons/react/dist/csr/GearSix";
import { PaperPlaneTiltIcon } from "@phosphor-icons/react/dist/csr/PaperPlaneTilt";
import { PlugsConnectedIcon } from "@phosphor-icons/react/dist/csr/PlugsConnected";
import { PulseIcon } from "@phosphor-icons/react/dist/csr/Pulse";
import { TargetIcon } from "@phosphor-icons/react/dist/csr/Target";
import type { Icon } from "@phosphor-icons/react";
import { Link } from "@tanstack/react-router";
import { PAGES, type PageName } from "./pages.ts";

const ICONS = {
  Overview: GaugeIcon,
  Events: PulseIcon,
  Deliveries: PaperPlaneTiltIcon,
  Alerts: BellSimpleIcon,
  Integrations: PlugsConnectedIcon,
  Destinations: TargetIcon,
  Routes: ArrowsSplitIcon,
  Transformations: FunctionIcon,
  Settings: GearSixIcon,
} as const satisfies Record<PageName, Icon>;

export function Navigation({ onNavigate }: { readonly onNavigate?: () => void }) {
  return (
    <nav aria-label="Pages">
      <ul className="nav">
        {PAGES.map(({ to, name }) => {
          const PageIcon = ICONS[name];
          return (
            <li key={to}>
              <Link
                to={to}
                className="nav-link"
                activeOptions={{ exact: to === "/" }}
                {...(onNavigate && { onClick: onNavigate })}
              >
                <PageIcon size={17} aria-hidden="true" />
                {name}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
