import { useRouterState } from "@tanstack/react-router";

/**
 * The id of the selected object: the second part of the address. It follows the address at once, also while the detail is still
 * loading, so that keys pressed in quick succession move on.
 */
export function useSelectedId(): string | undefined {
  return useRouterState({ select: ({ location }) => location.pathname.split("/")[2] });
}
