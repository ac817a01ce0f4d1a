/** Carries the id of the gateway that sent a request, so that a gateway recognizes its own deliveries. */
export const GATEWAY_HEADER = "hookgate-gateway";

/**
 * Whether this gateway itself sent a request. Both doors refuse such requests: a destination that points back to the
 * gateway would cause deliveries without end. The id is computed only if the header is present.
 */
export async function isOwnDelivery(headers: Headers, gatewayId: () => Promise<string>): Promise<boolean> {
  const sender = headers.get(GATEWAY_HEADER);
  return sender !== null && sender === (await gatewayId());
}
