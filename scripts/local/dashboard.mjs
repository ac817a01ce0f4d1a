const NAME = "dashboard";

/**
 * The gateway with a Worker beside it that serves the dashboard's files, as the binding `ASSETS`. Assets of the gateway's own
 * would route each webhook through two more Workers, which on Cloudflare cost nothing.
 * @template {import("miniflare").V4WorkerOptions} Worker
 * @param {Worker} gateway
 * @param {string} directory
 */
export function withDashboard(gateway, directory) {
  const { compatibilityDate } = gateway;
  const files = {
    name: NAME,
    compatibilityDate,
    modules: true,
    script: 'export default { fetch: () => new Response("Not found", { status: 404 }) }',
    assets: { directory, assetConfig: { not_found_handling: "none", compatibility_date: compatibilityDate } },
  };
  return { workers: [{ ...gateway, serviceBindings: { ...gateway.serviceBindings, ASSETS: NAME } }, files] };
}
