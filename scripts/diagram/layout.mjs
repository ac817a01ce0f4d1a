// Turns a diagram's source (columns, rows, nodes, edges) into rectangles and orthogonal lines, in px.

/**
 * @typedef {"outside" | "code" | "queue" | "store" | "group"} Kind
 * @typedef {{ id: string, kind: Kind, title: string, lines?: string[], steps?: string[], column: number | [number, number],
 *   row?: number | [number, number], level?: string, height?: number }} NodeSource
 * @typedef {{ from: string, to: string, label?: string, labelAt?: "vertical", dashed?: boolean, both?: boolean, via?: number,
 *   level?: string }} EdgeSource
 * @typedef {{ title: string, description: string, columns: number[], columnGaps: number[], rows: number[], rowGaps: number[],
 *   margin: { x: number, top: number, bottom: number }, nodes: NodeSource[], edges: EdgeSource[],
 *   legend: { column: number, row: number, entries: [Kind, string][] } }} Source
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ x: number, y: number }} Point
 * @typedef {"left" | "right" | "top" | "bottom"} Side
 * @typedef {{ points: Point[], source: EdgeSource, label: (Point & { onLine: boolean }) | null }} Line
 * @typedef {{ width: number, height: number, boxes: Map<string, Box>, lines: Line[], legend: Box }} Layout
 */

const STEP_HEIGHT = 27;
const STEP_INSET = 14;
const TITLE_HEIGHT = 28;

/** The start of each cell, and the end of the last one. @param {number} start @param {number[]} sizes @param {number[]} gaps */
function track(start, sizes, gaps) {
  let at = start;
  const cells = sizes.map((size, index) => {
    const cell = { start: at, end: at + size };
    at = cell.end + (gaps[index] ?? 0);
    return cell;
  });
  return cells;
}

/** @param {number | [number, number]} span @returns {[number, number]} */
const ends = (span) => (typeof span === "number" ? [span, span] : span);

/** @param {Map<string, Box>} boxes @param {string} id @returns {Box} */
function boxOf(boxes, id) {
  const box = boxes.get(id);
  if (box === undefined) throw new Error(`The diagram names "${id}", which no node and no step has as its id.`);
  return box;
}

/** @param {Box} box @returns {Point} */
const middleOf = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** The steps of a group, evenly spread below its title. @param {Box} box @param {string[]} steps @returns {Box[]} */
function stepBoxes(box, steps) {
  const pitch = (box.height - TITLE_HEIGHT - STEP_HEIGHT - 10) / Math.max(1, steps.length - 1);
  return steps.map((_, index) => ({
    x: box.x + STEP_INSET,
    y: box.y + TITLE_HEIGHT + pitch * index,
    width: box.width - 2 * STEP_INSET,
    height: STEP_HEIGHT,
  }));
}

/** A side of a box as a point: `ingest.right`, or `ingest.right+24` for 24 px further down or to the right. @param {Map<string, Box>} boxes @param {string} port */
function pointAt(boxes, port) {
  const [, id = "", side = "", offset = "0"] = /^(.+)\.(left|right|top|bottom)([+-]\d+)?$/.exec(port) ?? [];
  const box = boxOf(boxes, id);
  const along = Number(offset);
  const middle = middleOf(box);
  switch (side) {
    case "left":
      return { side, x: box.x, y: middle.y + along };
    case "right":
      return { side, x: box.x + box.width, y: middle.y + along };
    case "top":
      return { side, x: middle.x + along, y: box.y };
    case "bottom":
      return { side, x: middle.x + along, y: box.y + box.height };
    default:
      throw new Error(`The diagram has no port "${port}". A port is a node's id, a dot and a side.`);
  }
}

/** @param {string} side */
const isSideways = (side) => side === "left" || side === "right";

/** @param {Map<string, Box>} boxes @param {EdgeSource} source @returns {Line} */
function route(boxes, source) {
  const level = source.level === undefined ? null : middleOf(boxOf(boxes, source.level)).y;
  const from = { ...pointAt(boxes, source.from), ...(level === null ? {} : { y: level }) };
  const to = { ...pointAt(boxes, source.to), ...(level === null ? {} : { y: level }) };
  /** @type {Point[]} */
  let bends;
  if (isSideways(from.side) && isSideways(to.side)) {
    const x = (from.x + to.x) / 2;
    bends =
      from.y === to.y
        ? []
        : [
            { x, y: from.y },
            { x, y: to.y },
          ];
  } else if (!isSideways(from.side) && !isSideways(to.side)) {
    const direction = from.side === "top" ? -1 : 1;
    const y = source.via === undefined ? (from.y + to.y) / 2 : from.y + direction * source.via;
    bends =
      from.x === to.x
        ? []
        : [
            { x: from.x, y },
            { x: to.x, y },
          ];
  } else if (isSideways(from.side)) {
    bends = [{ x: to.x, y: from.y }];
  } else if (source.via === undefined) {
    bends = [{ x: from.x, y: to.y }];
  } else {
    const y = from.y + source.via;
    const x = to.x - 28;
    bends = [
      { x: from.x, y },
      { x, y },
      { x, y: to.y },
    ];
  }
  const points = [from, ...bends, to].map(({ x, y }) => ({ x, y }));
  return { points, source, label: labelPoint(points, source) };
}

/** The middle of the line's longest horizontal part, or of its longest vertical one. @param {Point[]} points @param {EdgeSource} source */
function labelPoint(points, source) {
  if (source.label === undefined) return null;
  const parts = points.slice(1).map((end, index) => ({ start: points[index] ?? end, end }));
  const along = (/** @type {typeof parts[number]} */ { start, end }) =>
    source.labelAt === "vertical" ? Math.abs(end.y - start.y) : Math.abs(end.x - start.x);
  const [longest] = parts.toSorted((a, b) => along(b) - along(a));
  if (longest === undefined) return null;
  const { start, end } = longest;
  const isVertical = start.x === end.x;
  return { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 + (isVertical ? 4 : -7), onLine: isVertical };
}

/** Places everything that a source names. @param {Source} source @returns {Layout} */
export function layOut(source) {
  const { margin } = source;
  const columns = track(margin.x, source.columns, source.columnGaps);
  const rows = track(margin.top, source.rows, source.rowGaps);
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  const cell = (/** @type {ReturnType<typeof track>} */ cells, /** @type {number | [number, number]} */ span) => {
    const [first, last] = ends(span);
    const start = cells[first]?.start;
    const end = cells[last]?.end;
    if (start === undefined || end === undefined) throw new Error(`The diagram has no column or row ${String(span)}.`);
    return { start, size: end - start };
  };
  for (const { id, column, row, level, height, steps = [] } of source.nodes) {
    const { start: x, size: width } = cell(columns, column);
    const across = row === undefined ? levelOf(boxes, id, level) : cell(rows, row);
    const own = height ?? across.size;
    const box = { x, y: across.start + (across.size - own) / 2, width, height: own };
    boxes.set(id, box);
    for (const [index, stepBox] of stepBoxes(box, steps).entries()) boxes.set(`${id}/${steps[index]}`, stepBox);
  }
  const { start: x, size: width } = cell(columns, source.legend.column);
  const { start: y, size: height } = cell(rows, source.legend.row);
  return {
    width: (columns.at(-1)?.end ?? 0) + margin.x,
    height: (rows.at(-1)?.end ?? 0) + margin.bottom,
    boxes,
    lines: source.edges.map((edge) => route(boxes, edge)),
    legend: { x, y, width, height },
  };
}

/** @param {Map<string, Box>} boxes @param {string} id @param {string | undefined} level */
function levelOf(boxes, id, level) {
  if (level === undefined) throw new Error(`The node "${id}" has neither a row nor a level.`);
  const { y, height } = boxOf(boxes, level);
  return { start: y, size: height };
}
