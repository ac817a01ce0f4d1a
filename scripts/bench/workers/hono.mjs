import { Hono } from "hono";

// What start-up is compared with: Hono with one route.

const app = new Hono();
app.get("/health", (c) => c.json({ status: "ok" }));

export default app;
