// The words of events. This file imports nothing: the dashboard shows them, and is to load no more for it.

export const OUTCOMES = [
  "created",
  "repeated",
  "updated",
  "acknowledged",
  "resolved",
  "received",
  "ignored",
  "transformation_failed",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The types of events of the gateway about itself. */
export const GATEWAY_EVENT_TYPES = [
  "destination.failing",
  "destination.recovered",
  "destination.disabled",
  "delivery.dead",
  "integration.silent",
  "integration.heard",
  "integration.rejecting",
  "transformation.failing",
  "dead_letter.recorded",
  "reconciliation.failed",
  "log.damaged",
] as const;
export type GatewayEventType = (typeof GATEWAY_EVENT_TYPES)[number];

export const MESSAGE_TYPES = [
  "alert.created",
  "alert.repeated",
  "alert.updated",
  "alert.acknowledged",
  "alert.resolved",
  "event.received",
  "event.group",
  ...GATEWAY_EVENT_TYPES,
  "test",
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];
