import { layOut } from "./layout.mjs";

/**
 * @typedef {import("./layout.mjs").Source} Source
 * @typedef {import("./layout.mjs").Box} Box
 * @typedef {import("./layout.mjs").Kind} Kind
 * @typedef {import("./layout.mjs").Line} Line
 * @typedef {{ fill: string, stroke: string }} Paint
 * @typedef {{ background: string, text: string, muted: string, line: string, kinds: Record<Kind, Paint> }} Theme
 */

/** The colours of GitHub's light and dark pages. @type {Record<"light" | "dark", Theme>} */
export const THEMES = {
  light: {
    background: "#ffffff",
    text: "#1f2328",
    muted: "#505963",
    line: "#6e7781",
    kinds: {
      outside: { fill: "#f6f8fa", stroke: "#818b98" },
      code: { fill: "#ddf4ff", stroke: "#0969da" },
      queue: { fill: "#fff8c5", stroke: "#9a6700" },
      store: { fill: "#dafbe1", stroke: "#1a7f37" },
      group: { fill: "#f6fbff", stroke: "#0969da" },
    },
  },
  dark: {
    background: "#0d1117",
    text: "#f0f6fc",
    muted: "#b1bac4",
    line: "#9198a1",
    kinds: {
      outside: { fill: "#1c222b", stroke: "#8b949e" },
      code: { fill: "#132b4d", stroke: "#4493f8" },
      queue: { fill: "#352a10", stroke: "#d29922" },
      store: { fill: "#12321f", stroke: "#3fb950" },
      group: { fill: "#0f1b2d", stroke: "#4493f8" },
    },
  },
};

const FONT = `-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif`;
const LINE_HEIGHT = 16;
const CORNER = 6;
/** About the width of a character of a label. */
const LABEL_CHARACTER = 5.8;

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** @param {number} value */
const px = (value) => String(Math.round(value * 10) / 10);

/** @param {Kind} kind @param {Box} box @param {Paint} paint */
function shape(kind, { x, y, width, height }, { fill, stroke }) {
  const paint = `fill="${fill}" stroke="${stroke}" stroke-width="1.5"`;
  switch (kind) {
    case "store": {
      const bow = 7;
      const [left, right, top, bottom] = [x, x + width, y + bow, y + height - bow].map(px);
      const arc = `A${px(width / 2)},${bow} 0 0`;
      return (
        `<path d="M${left},${top} ${arc} 1 ${right},${top} V${bottom} ${arc} 1 ${left},${bottom} Z" ${paint}/>` +
        `<path d="M${left},${top} ${arc} 0 ${right},${top}" fill="none" stroke="${stroke}" stroke-width="1.5"/>`
      );
    }
    case "queue": {
      const bars = [8, 14].map(
        (inset) =>
          `<path d="M${px(x + width - inset)},${px(y + 8)} V${px(y + height - 8)}" stroke="${stroke}" stroke-width="1.5"/>`,
      );
      return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="4" ${paint}/>${bars.join("")}`;
    }
    case "outside":
    case "code":
    case "group": {
      const rx = kind === "outside" ? 18 : 8;
      return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${rx}" ${paint}/>`;
    }
  }
}

/** @param {string} className @param {number} x @param {number} y @param {string} text */
const line = (className, x, y, text) => `<text class="${className}" x="${px(x)}" y="${px(y)}">${escape(text)}</text>`;

/** @param {import("./layout.mjs").NodeSource} node @param {Box} box @param {Theme} theme @param {Map<string, Box>} boxes */
function drawNode({ id, kind, title, lines = [], steps = [] }, box, theme, boxes) {
  const paint = theme.kinds[kind];
  const parts = [shape(kind, box, paint)];
  const x = box.x + (kind === "queue" ? box.width - 16 : box.width) / 2;
  if (kind === "group") {
    parts.push(line("title", x, box.y + 19, title));
    for (const [index, step] of steps.entries()) {
      const own = boxes.get(`${id}/${step}`);
      if (own === undefined) continue;
      if (index > 0) {
        const [middle, top] = [own.x + own.width / 2, own.y];
        parts.push(`<path d="M${px(middle - 5)},${px(top - 8)} h10 l-5,5.5 Z" fill="${theme.line}"/>`);
      }
      parts.push(shape("code", own, theme.kinds.code));
      parts.push(line("step", own.x + own.width / 2, own.y + own.height / 2 + 4.5, step));
    }
    return parts.join("\n");
  }
  const sunk = kind === "store" ? 4 : 0;
  const first = box.y + box.height / 2 - (lines.length * LINE_HEIGHT) / 2 + 5 + sunk;
  parts.push(line("title", x, first, title));
  for (const [index, text] of lines.entries())
    parts.push(line("detail", x, first + LINE_HEIGHT * (index + 1) + 1, text));
  return parts.join("\n");
}

/** A line with rounded corners. @param {import("./layout.mjs").Point[]} points */
function pathOf(points) {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M${px(point.x)},${px(point.y)}`;
      if (after === undefined) return `L${px(point.x)},${px(point.y)}`;
      const towards = (/** @type {import("./layout.mjs").Point} */ other) => {
        const length = Math.hypot(other.x - point.x, other.y - point.y);
        const part = Math.min(CORNER, length / 2) / length;
        return `${px(point.x + (other.x - point.x) * part)},${px(point.y + (other.y - point.y) * part)}`;
      };
      return `L${towards(before)} Q${px(point.x)},${px(point.y)} ${towards(after)}`;
    })
    .join(" ");
}

/** @param {Line} edge @param {Theme} theme */
function drawLine({ points, source }, theme) {
  const dash = source.dashed === true ? ` stroke-dasharray="5 4"` : "";
  const start = source.both === true ? ` marker-start="url(#arrow)"` : "";
  return `<path d="${pathOf(points)}" fill="none" stroke="${theme.line}" stroke-width="1.5"${dash}${start} marker-end="url(#arrow)"/>`;
}

/** A label hides the line that it stands on. @param {Line} edge @param {Theme} theme */
function drawLabel({ label, source: { label: text } }, { background }) {
  if (label === null || text === undefined) return [];
  const width = label.onLine ? text.length * LABEL_CHARACTER + 8 : 0;
  return [
    ...(width === 0
      ? []
      : [
          `<rect x="${px(label.x - width / 2)}" y="${px(label.y - 12)}" width="${px(width)}" height="16" fill="${background}"/>`,
        ]),
    line("label", label.x, label.y, text),
  ];
}

/** @param {import("./layout.mjs").Layout} layout @param {Source["legend"]["entries"]} entries @param {Theme} theme */
function drawLegend({ legend }, entries, theme) {
  const pitch = legend.height / entries.length;
  return entries.map(([kind, text], index) => {
    const { fill, stroke } = theme.kinds[kind];
    const y = legend.y + pitch * (index + 0.5);
    return (
      `<rect x="${px(legend.x)}" y="${px(y - 6)}" width="12" height="12" rx="3" fill="${fill}" stroke="${stroke}" stroke-width="1.5"/>` +
      `<text class="legend" x="${px(legend.x + 20)}" y="${px(y + 4)}">${escape(text)}</text>`
    );
  });
}

/** The diagram as an SVG document. @param {Source} source @param {Theme} theme */
export function draw(source, theme) {
  const layout = layOut(source);
  const { width, height, boxes, lines } = layout;
  const nodes = source.nodes.flatMap((node) => {
    const box = boxes.get(node.id);
    return box === undefined ? [] : [drawNode(node, box, theme, boxes)];
  });
  const labels = lines.flatMap((each) => drawLabel(each, theme));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escape(source.title)}</title>`,
    `<desc id="description">${escape(source.description)}</desc>`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0,0.5 L7.5,4 L0,7.5 Z" fill="${theme.line}"/></marker></defs>`,
    `<style>text{font-family:${FONT};text-anchor:middle;fill:${theme.text}}.title{font-size:14.5px;font-weight:600}.detail{font-size:12px;fill:${theme.muted}}.step{font-size:13px}.label{font-size:12px;fill:${theme.muted}}.legend{font-size:12px;fill:${theme.muted};text-anchor:start}</style>`,
    `<rect width="${px(width)}" height="${px(height)}" fill="${theme.background}"/>`,
    ...nodes,
    ...lines.map((each) => drawLine(each, theme)),
    ...labels,
    ...drawLegend(layout, source.legend.entries, theme),
    `</svg>`,
  ].join("\n")}\n`;
}
