import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "../shell/theme.ts";
import type { Counts } from "./measures.ts";

type PlotProps = { readonly counts: Counts; readonly colour: string };

const HEIGHT = 120;
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** Whether a mark of the axis is the begin of a day in the viewer's zone. */
function isMidnight(seconds: number): boolean {
  const at = new Date(seconds * 1_000);
  return at.getHours() === 0 && at.getMinutes() === 0;
}

function optionsFor(width: number, name: string): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colourOf = (token: string): string => style.getPropertyValue(token).trim();
  const axis = {
    stroke: colourOf("--muted"),
    grid: { stroke: colourOf("--line"), width: 1 },
    ticks: { show: false },
    font: `11px ${style.getPropertyValue("--font")}`,
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    axes: [
      {
        ...axis,
        size: 24,
        space: 64,
        values: (_plot, times) => times.map((time) => (isMidnight(time) ? DAY : CLOCK).format(time * 1_000)),
      },
      { ...axis, size: 40, space: 32, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6] },
    ],
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
    series: [
      {},
      { stroke: colourOf(`--${name}`), fill: `${colourOf(`--${name}`)}26`, width: 1.5, points: { show: false } },
    ],
  };
}

/** A chart on a canvas. It takes its colours from the tokens of the scheme, and the width of its element. */
export function Plot({ counts, colour }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = useRef<uPlot.AlignedData>([[], []]);
  const theme = useTheme();

  useEffect(() => {
    data.current = [[...counts.times], [...counts.values]];
    plot.current?.setData(data.current);
  }, [counts]);

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsFor(Math.max(element.clientWidth, 80), colour), data.current, element);
    };
    draw();
    const resize = new ResizeObserver(() => {
      plot.current?.setSize({ width: Math.max(element.clientWidth, 80), height: HEIGHT });
    });
    resize.observe(element);
    const scheme = new MutationObserver(draw);
    scheme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-mode"] });
    return () => {
      resize.disconnect();
      scheme.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [colour, theme]);

  return <div ref={host} className="plot" aria-hidden="true" />;
}
