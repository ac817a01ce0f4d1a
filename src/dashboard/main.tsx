import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { CSPProvider } from "@cloudflare/kumo/primitives/csp-provider";
import { Toasty } from "@cloudflare/kumo/components/toast";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import "./styles/index.css";
import { queryClient } from "./api/query-client.ts";
import { router } from "./router.ts";
import { reloadOnStaleImport } from "./shell/stale-import.ts";
import { followSystemTheme } from "./shell/theme.ts";
import { toasts } from "./ui/toasts.ts";

reloadOnStaleImport();
followSystemTheme();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element for the dashboard.");
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Toasty toastManager={toasts}>
          <RouterProvider router={router} />
        </Toasty>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
