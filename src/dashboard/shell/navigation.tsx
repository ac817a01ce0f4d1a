import { ArrowsSplitIcon } from "@phosphor-icons/react/dist/csr/ArrowsSplit";
import { BellSimpleIcon } from "@phosphor-icons/react/dist/csr/BellSimple";
import { GaugeIcon } from "@phosphor-icons/react/dist/csr/Gauge";
import { GearSixIcon } from "@phosphor-icons/react/dist/csr/GearSix";
import { PaperPlaneTiltIcon } from "@phosphor-icons/react/dist/csr/PaperPlaneTilt";
import { PlugsConnectedIcon } from "@phosphor-icons/react/dist/csr/PlugsConnected";
import { PulseIcon } from "@phosphor-icons/react/dist/csr/Pulse";
import { TargetIcon } from "@phosphor-icons/react/dist/csr/Target";
import { Link } from "@tanstack/react-router";

/** The pages in the order of the navigation. The name is the text of the link and the page's heading. */
const PAGES = [
  { to: "/", name: "Overview", Icon: GaugeIcon },
  { to: "/events", name: "Events", Icon: PulseIcon },
  { to: "/deliveries", name: "Deliveries", Icon: PaperPlaneTiltIcon },
  { to: "/alerts", name: "Alerts", Icon: BellSimpleIcon },
  { to: "/integrations", name: "Integrations", Icon: PlugsConnectedIcon },
  { to: "/destinations", name: "Destinations", Icon: TargetIcon },
  { to: "/routes", name: "Routes", Icon: ArrowsSplitIcon },
  { to: "/settings", name: "Settings", Icon: GearSixIcon },
] as const;

export function Navigation({ onNavigate }: { readonly onNavigate?: () => void }) {
  return (
    <nav aria-label="Pages">
      <ul className="nav">
        {PAGES.map(({ to, name, Icon }) => (
          <li key={to}>
            <Link
              to={to}
              className="nav-link"
              activeOptions={{ exact: to === "/" }}
              {...(onNavigate && { onClick: onNavigate })}
            >
              <Icon size={17} aria-hidden="true" />
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
