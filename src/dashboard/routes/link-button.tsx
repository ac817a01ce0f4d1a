import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

type LinkButtonProps = {
  readonly to: "/routes/new" | "/routes/explain";
  readonly isPrimary?: boolean;
  readonly children: ReactNode;
};

/** A link that looks like a button: it can be opened in another tab. */
export function LinkButton({ to, isPrimary = false, children }: LinkButtonProps) {
  return (
    <Link to={to} search={{}} className="link-button" data-primary={isPrimary}>
      {children}
    </Link>
  );
}
