import { Hono } from "hono";

// The baseline for start-up: Hono with one route.

const app = new Hono();
app.get("/health", (c) => c.json({ status: "ok" }));

export default app;
