// Sources and levels as boxes from left to right by depth, arrows from what is scraped to who scrapes
// it, a mark a node; as src/web/page_levels_picture.cc draws it.
import type { Level, LevelNode, Levels } from "./api";
import { counted, type Tone } from "./words";

const wide = 196;
const gapX = 64;
const gapY = 16;
const margin = 4;
const nodeSize = 16;
const nodeStep = 18;
const perRow = 10;
const titleHigh = 48; // name and count, above the nodes
const mostNodes = 60;
const mostTitle = 27;

interface Box {
  column: number;
  x: number;
  y: number;
  high: number;
  title: string;
  note: string;
  level?: Level;
  feeds: string[];
}

export interface NodeLook {
  tone: Tone;
  word: string;
  glyph: string;
}

export function nodeLook({ state, algorithm }: LevelNode): NodeLook {
  if (state === "down") return { tone: "bad", word: "down", glyph: "\u2717" };
  if (state === "kept") return { tone: "warn", word: "kept", glyph: "K" };
  if (state === "draining") return { tone: "warn", word: "draining", glyph: "D" };
  if (algorithm === "") return { tone: "info", word: "active, legacy ring", glyph: "L" };
  if (algorithm !== "bounded-1") {
    return { tone: "info", word: `active, algorithm ${algorithm}`, glyph: "L" };
  }
  return { tone: "ok", word: "active", glyph: "\u2713" };
}

function sourceBox({ prefix, targets, feeds }: Levels["sources"][number]): Box {
  const note = targets === null ? "targets not counted" : counted(targets, "target");
  return { column: 0, x: 0, y: 0, high: titleHigh, title: prefix, note, feeds };
}

function levelBox(level: Level): Box {
  const rows = Math.ceil(Math.min(level.nodes.length, mostNodes) / perRow);
  return {
    column: level.depth,
    x: 0,
    y: 0,
    high: titleHigh + rows * nodeStep + 6,
    title: level.service,
    note: counted(level.nodes.length, "node"),
    level,
    feeds: level.feeds,
  };
}

// Columns by depth, each centred in the height of the highest.
function layOut(levels: Levels): { boxes: Box[]; wide: number; high: number } {
  const boxes = [...levels.sources.map(sourceBox), ...levels.levels.map(levelBox)];
  const heights = new Map<number, number>();
  for (const { column, high } of boxes) heights.set(column, (heights.get(column) ?? 0) + high + gapY);
  const columns = [...heights.keys()].sort((a, b) => a - b);
  const highest = Math.max(0, ...heights.values());
  const next = new Map(columns.map((c) => [c, margin + Math.floor((highest - (heights.get(c) ?? 0)) / 2)]));
  for (const box of boxes) {
    box.x = margin + columns.indexOf(box.column) * (wide + gapX);
    box.y = next.get(box.column) ?? 0;
    next.set(box.column, box.y + box.high + gapY);
  }
  const right = Math.max(0, ...boxes.map((box) => box.x + wide + margin));
  return { boxes, wide: right, high: highest + 2 * margin - gapY };
}

const cut = (text: string) => (text.length > mostTitle ? `${text.slice(0, mostTitle - 1)}\u2026` : text);

function NodeMark({ node, x, y }: { node: LevelNode; x: number; y: number }) {
  const { tone, word, glyph } = nodeLook(node);
  const size = nodeSize - 1;
  return (
    <g>
      <title>{`${node.name}: ${word}`}</title>
      <rect class={`node ${tone}`} x={x} y={y} width={size} height={size} rx="3" />
      <text class="glyph" x={x + nodeSize / 2} y={y + 12}>
        {glyph}
      </text>
    </g>
  );
}

function BoxPicture({ box }: { box: Box }) {
  const self = box.level?.self ?? false;
  const nodes = box.level?.nodes.slice(0, mostNodes) ?? [];
  return (
    <>
      <rect
        class={self ? "box self" : "box"}
        x={box.x}
        y={box.y}
        width={wide}
        height={box.high}
        rx={box.level ? "5" : "16"}
      />
      <text class="title" x={box.x + 10} y={box.y + 19}>
        {cut(box.title)}
      </text>
      <text class="note" x={box.x + 10} y={box.y + 36}>
        {box.note + (self ? ", this level" : "")}
      </text>
      {nodes.map((node, i) => (
        <NodeMark
          key={node.name}
          node={node}
          x={box.x + 9 + (i % perRow) * nodeStep}
          y={box.y + titleHigh - 4 + Math.floor(i / perRow) * nodeStep}
        />
      ))}
    </>
  );
}

function Edge({ from, to }: { from: Box; to: Box }) {
  const [x1, y1] = [from.x + wide, from.y + Math.floor(from.high / 2)];
  const [x2, y2] = [to.x - 8, to.y + Math.floor(to.high / 2)];
  const bend = gapX / 2;
  return (
    <>
      <path class="edge" d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} />
      <path class="tip" d={`M${x2} ${y2 - 5}l9 5l-9 5z`} />
    </>
  );
}

function spoken({ sources, levels }: Levels): string {
  const parts = [
    ...sources.map(({ prefix, targets }) =>
      targets === null ? prefix : `${prefix}, ${counted(targets, "target")}`,
    ),
    ...levels.map(({ service, nodes }) => `${service}, ${counted(nodes.length, "node")}`),
  ];
  return `Levels: ${parts.join("; ")}`;
}

export function LevelsPicture({ levels }: { levels: Levels }) {
  const { boxes, wide, high } = layOut(levels);
  const edges = boxes.flatMap((from) =>
    boxes
      .filter((to) => to.level && to.column > from.column && from.feeds.includes(to.title))
      .map((to) => <Edge key={`${from.title} ${to.title}`} from={from} to={to} />),
  );
  return (
    <div class="scroll" role="region" tabindex={0} aria-label="Picture of the levels">
      <svg
        class="picture"
        role="img"
        aria-label={spoken(levels)}
        width={wide}
        height={high}
        viewBox={`0 0 ${wide} ${high}`}
      >
        {edges}
        {boxes.map((box) => (
          <BoxPicture key={box.title} box={box} />
        ))}
      </svg>
    </div>
  );
}
