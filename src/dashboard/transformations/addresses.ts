import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";
import { newSearch, transformationSearch } from "./search.ts";

const transformations = createRoute({
  getParentRoute: () => app,
  path: "/transformations",
  component: lazyRouteComponent(() => import("./transformations-page.tsx"), "TransformationsPage"),
});
const newTransformation = createRoute({
  getParentRoute: () => app,
  path: "/transformations/new",
  validateSearch: newSearch,
  component: lazyRouteComponent(() => import("./new-transformation-page.tsx"), "NewTransformationPage"),
});
const transformation = createRoute({
  getParentRoute: () => app,
  path: "/transformations/$id",
  validateSearch: transformationSearch,
  component: lazyRouteComponent(() => import("./transformation-page.tsx"), "TransformationPage"),
});

export const transformationAddresses = [transformations, newTransformation, transformation] as const;
