// What all pictures of the page share: sharp canvases, colors, and curves.

const style = getComputedStyle(document.documentElement);
export const COLORS = Object.fromEntries(
  ["zero", "one", "positive", "negative", "ink", "quiet"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
);
export const FONT = "14px system-ui, sans-serif";

// Returns the context of an empty canvas, scaled so that it is drawn on in CSS pixels, and its size in these.
export function emptied(canvas) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.font = FONT;
  return { context, width, height };
}

// Calls a function now and whenever the size of a canvas changes.
export function whenResized(canvas, draw) {
  new ResizeObserver(draw).observe(canvas);
}

// A curve that keeps at most a few hundred points, however long it becomes.
export class Curve {
  constructor(canvas, labels) {
    this.canvas = canvas;
    this.labels = labels;
    this.clear();
    whenResized(canvas, () => this.draw());
  }

  clear() {
    this.points = [];
    this.stride = 1;
    this.count = 0;
    this.last = null;
    this.draw();
  }

  add(x, y) {
    this.last = [x, y];
    if (this.count++ % this.stride === 0) this.points.push(this.last);
    if (this.points.length > 600) {
      this.points = this.points.filter((_, index) => index % 2 === 0);
      this.stride *= 2;
    }
    this.draw();
  }

  draw() {
    const { context, width, height } = emptied(this.canvas);
    const [left, right, top, bottom] = [46, width - 14, 26, height - 40];
    const all = this.last ? [...this.points, this.last] : [];
    const highest = rounded(Math.max(...all.map(([, y]) => y), 1e-3));
    const longest = rounded(Math.max(...all.map(([x]) => x), 1));
    const at = ([x, y]) => [left + (x / longest) * (right - left), bottom - (y / highest) * (bottom - top)];
    context.strokeStyle = "#ddd";
    context.fillStyle = COLORS.quiet;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const part of [0, 0.5, 1]) {
      const [, y] = at([0, part * highest]);
      line(context, [left, y], [right, y]);
      if (all.length || part === 0) context.fillText(short(part * highest), left - 6, y);
    }
    context.textBaseline = "top";
    context.textAlign = "center";
    if (all.length) context.fillText(short(longest / 2), (left + right) / 2, bottom + 4);
    context.textAlign = "right";
    if (all.length) context.fillText(short(longest), right, bottom + 4);
    context.textAlign = "center";
    context.fillStyle = COLORS.ink;
    context.fillText(this.labels.x, (left + right) / 2, bottom + 21);
    context.textAlign = "left";
    context.fillText(this.labels.y, 6, 4);
    context.strokeStyle = COLORS.ink;
    line(context, [left, bottom], [right, bottom]);
    if (!all.length) return;
    context.strokeStyle = "#0b5394";
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.beginPath();
    all.forEach((point) => context.lineTo(...at(point)));
    context.stroke();
    context.fillStyle = "#0b5394";
    context.beginPath();
    context.arc(...at(this.last), 4, 0, 2 * Math.PI);
    context.fill();
  }
}

export function line(context, from, to) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

// The next larger number for the end of an axis.
function rounded(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((factor) => factor * power).find((each) => each >= value * 0.9999);
}

function short(value) {
  return value >= 1000 ? value.toLocaleString("en") : String(Number(value.toPrecision(3)));
}
