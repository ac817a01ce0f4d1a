// Sets the colour scheme before the first paint. It is a file of its own because the Content-Security-Policy allows no inline script.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("hookgate.theme");
  } catch {
    // Storage can be disabled: the system's scheme is used.
  }
  const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mode = isDark ? "dark" : "light";
})();
