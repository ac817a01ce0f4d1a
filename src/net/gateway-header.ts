/** Names the gateway that sent a request, so that it knows its own deliveries when they come back to it. */
export const GATEWAY_HEADER = "hookgate-gateway";
