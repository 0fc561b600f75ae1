// The lecture's network: its points, its weights and its cost.

import { COLORS, Curve, emptied, line, whenResized } from "./drawing.js";

const REACH = 2; // the points lie between -REACH and REACH
const NEAR = 0.1; // how far an arrow key moves the cross
const SHARES = [[0.5, 0.73], [0.36, 0.36], [0.73, 0.5]]; // where on each line its number has room
const byId = (id) => document.getElementById(id);

export class Lecture {
  constructor(send) {
    this.send = send;
    this.points = [];
    this.classes = [];
    this.told = null; // the last report of the worker
    this.cross = null; // where the keyboard adds a point
    this.ready = false;
    this.seed = 0;
    this.curve = new Curve(byId("cost"), { x: "step", y: "cost" });
    this.listen();
    for (const id of ["points", "network"]) whenResized(byId(id), () => this.draw());
  }

  listen() {
    const canvas = byId("points");
    canvas.addEventListener("pointerdown", (event) => {
      const box = canvas.getBoundingClientRect();
      const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      this.cross = null;
      this.add((2 * x - 1) * REACH, (1 - 2 * y) * REACH);
    });
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("blur", () => this.changed(() => (this.cross = null), false));
    byId("undo").addEventListener("click", () => this.changed(() => (this.points.pop(), this.classes.pop())));
    byId("clear-points").addEventListener("click", () => this.changed(() => (this.points = [], this.classes = [])));
    byId("example").addEventListener("change", (event) => {
      if (event.target.value) this.changed(() => ([this.points, this.classes] = example(event.target.value)));
      event.target.value = "";
    });
    byId("train-lecture").addEventListener("click", () => this.train(!this.told?.training));
    byId("reset-lecture").addEventListener("click", () => {
      this.curve.clear();
      this.seed += 1;
      this.send({ kind: "reset lecture", seed: this.seed });
    });
    byId("rate").addEventListener("change", () => this.train(Boolean(this.told?.training)));
  }

  press(event) {
    const moves = { ArrowLeft: [-NEAR, 0], ArrowRight: [NEAR, 0], ArrowUp: [0, NEAR], ArrowDown: [0, -NEAR] };
    const isEnter = event.key === "Enter" || event.key === " ";
    if (!isEnter && !moves[event.key]) return;
    event.preventDefault();
    if (isEnter && this.cross) return this.add(...this.cross);
    const [dx, dy] = this.cross ? (moves[event.key] ?? [0, 0]) : [0, 0];
    const kept = (value) => Math.max(-REACH, Math.min(REACH, value));
    const [x, y] = this.cross ?? [0, 0];
    this.changed(() => (this.cross = [kept(x + dx), kept(y + dy)]), false);
  }

  add(x, y) {
    const chosen = Number(document.querySelector("input[name=class]:checked").value);
    this.changed(() => (this.points.push([x, y]), this.classes.push(chosen)));
  }

  changed(change, isNew = true) {
    change();
    this.draw();
    this.allow();
    if (isNew) this.send({ kind: "points", points: this.points, classes: this.classes });
  }

  train(training) {
    this.send({ kind: "lecture", training, rate: Number(byId("rate").value) });
  }

  // Python is there: from now on messages are answered.
  begin() {
    this.ready = true;
    this.allow();
  }

  allow() {
    byId("train-lecture").disabled = !this.ready || !this.points.length;
    byId("reset-lecture").disabled = !this.ready;
    byId("undo").disabled = byId("clear-points").disabled = !this.points.length;
  }

  show(message) {
    this.told = message;
    byId("train-lecture").textContent = message.training ? "Pause" : "Train";
    if (message.cost !== null) {
      if (message.step > 0 || this.curve.count === 0) this.curve.add(message.step, message.cost);
      byId("lecture-progress").textContent =
        `Step ${message.step.toLocaleString("en")}: cost ${message.cost.toFixed(4)}, the mean squared error.`;
    }
    this.draw();
  }

  draw() {
    this.drawPoints();
    this.drawNetwork();
  }

  drawPoints() {
    const { context, width, height } = emptied(byId("points"));
    const at = ([x, y]) => [((x / REACH + 1) / 2) * width, ((1 - y / REACH) / 2) * height];
    if (this.told) drawAnswers(context, this.told, width, height);
    context.strokeStyle = "rgb(0 0 0 / 25%)";
    context.fillStyle = COLORS.ink;
    line(context, at([-REACH, 0]), at([REACH, 0]));
    line(context, at([0, -REACH]), at([0, REACH]));
    context.fillText("x₁", width - 20, height / 2 + 16);
    context.fillText("x₂", width / 2 + 6, 16);
    context.fillText("−2", 4, height / 2 + 16);
    context.fillText("2", width / 2 - 12, 16);
    this.points.forEach((point, index) => drawPoint(context, at(point), this.classes[index]));
    if (this.cross) {
      const [x, y] = at(this.cross);
      context.lineWidth = 2;
      context.strokeStyle = COLORS.ink;
      line(context, [x - 9, y], [x + 9, y]);
      line(context, [x, y - 9], [x, y + 9]);
    }
  }

  drawNetwork() {
    const { context, width, height } = emptied(byId("network"));
    const layers = [2, 3, 1].map((count, layer) =>
      Array.from({ length: count }, (_, index) => [
        (0.14 + 0.36 * layer) * width,
        (0.5 + (index - (count - 1) / 2) * 0.34) * height,
      ]),
    );
    const largest = Math.max(1, ...(this.told?.weights ?? []).flat(2).map(Math.abs));
    const labels = [];
    for (const layer of [0, 1])
      layers[layer + 1].forEach((to, i) =>
        layers[layer].forEach((from, j) => {
          const weight = this.told?.weights[layer][i][j];
          drawWeight(context, from, to, weight, largest);
          const share = layer === 0 ? SHARES[i][j] : 0.4;
          if (weight !== undefined) labels.push([weight, from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
        }),
      );
    labels.forEach(([weight, x, y]) => drawNumber(context, weight, x, y));
    layers.forEach((neurons, layer) =>
      neurons.forEach((place, index) => {
        const bias = layer ? this.told?.biases[layer - 1][index] : undefined;
        drawNeuron(context, place, Math.min(24, 0.08 * width), layer === 0 ? ["x₁", "x₂"][index] : bias === undefined ? "" : signed(bias), layer);
      }),
    );
    context.fillStyle = COLORS.quiet;
    context.textBaseline = "top";
    ["inputs", "hidden", "answer"].forEach((text, layer) => context.fillText(text, (0.14 + 0.36 * layer) * width, 6));
  }
}

function drawAnswers(context, { side, answers }, width, height) {
  const small = new OffscreenCanvas(side, side); // a pixel an answer; scaling smoothes them
  const image = new ImageData(side, side);
  const tints = [COLORS.zero, COLORS.one].map((color) => color.match(/\w\w/g).map((part) => parseInt(part, 16)));
  answers.forEach((answer, index) => {
    const strength = Math.abs(2 * answer - 1) * 0.6;
    const parts = tints[Number(answer >= 0.5)].map((part) => Math.round(255 + (part - 255) * strength));
    image.data.set([...parts, 255], 4 * index);
  });
  small.getContext("2d").putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, width, height);
  context.strokeStyle = COLORS.ink;
  context.lineWidth = 1.5;
  for (const [[x1, y1], [x2, y2]] of boundary(side, answers))
    line(context, [(x1 * width) / side, (y1 * height) / side], [(x2 * width) / side, (y2 * height) / side]);
  context.lineWidth = 1;
}

// The line on which the answer is 0.5, as segments: answers are in the centers of squares, and between four centers the
// line leads from one side to another.
function boundary(side, answers) {
  const segments = [];
  for (let row = 0; row + 1 < side; row++)
    for (let column = 0; column + 1 < side; column++) {
      const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([dx, dy]) => ({
        x: column + dx + 0.5,
        y: row + dy + 0.5,
        above: answers[(row + dy) * side + column + dx] - 0.5,
      }));
      const ends = [];
      corners.forEach((from, index) => {
        const to = corners[(index + 1) % 4];
        if (from.above >= 0 === to.above >= 0) return;
        const share = from.above / (from.above - to.above);
        ends.push([from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)]);
      });
      for (let index = 0; index + 1 < ends.length; index += 2) segments.push([ends[index], ends[index + 1]]);
    }
  return segments;
}

function drawPoint(context, [x, y], value) {
  context.beginPath();
  if (value) context.rect(x - 6, y - 6, 12, 12);
  else context.arc(x, y, 6.5, 0, 2 * Math.PI);
  context.fillStyle = value ? COLORS.one : COLORS.zero;
  context.strokeStyle = COLORS.ink;
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
  context.lineWidth = 1;
}

function drawWeight(context, from, to, weight, largest) {
  context.save();
  context.strokeStyle = weight === undefined ? "#bbb" : weight < 0 ? COLORS.negative : COLORS.positive;
  context.lineWidth = weight === undefined ? 2 : 1 + (9 * Math.abs(weight)) / largest;
  if (weight < 0) context.setLineDash([10, 6]);
  line(context, from, to);
  context.restore();
}

function drawNumber(context, weight, x, y) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  const text = signed(weight);
  const width = context.measureText(text).width + 6;
  context.fillStyle = "rgb(255 255 255 / 88%)";
  context.fillRect(x - width / 2, y - 9, width, 18);
  context.fillStyle = COLORS.ink;
  context.fillText(text, x, y);
}

function drawNeuron(context, [x, y], radius, text, layer) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = layer ? "#f3f3f3" : "#fff";
  context.strokeStyle = COLORS.ink;
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
  context.fillStyle = COLORS.ink;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y);
}

function signed(value) {
  return value.toFixed(1).replace("-", "−");
}

// Points to begin with, always the same.
function example(name) {
  const points = [];
  const classes = [];
  const add = (x, y, value) => (points.push([x, y]), classes.push(value));
  const scattered = (index, radius) => [
    radius * Math.sqrt(((index * 7) % 10) / 10) * Math.cos(index * 2.4),
    radius * Math.sqrt(((index * 7) % 10) / 10) * Math.sin(index * 2.4),
  ];
  const cloud = (x, y, value, count) => {
    for (let index = 0; index < count; index++) {
      const [dx, dy] = scattered(index, 0.6);
      add(x + dx, y + dy, value);
    }
  };
  if (name === "groups") {
    cloud(-0.9, -0.7, 0, 10);
    cloud(0.9, 0.7, 1, 10);
  } else if (name === "corners") {
    for (const [x, y] of [[-1, -1], [1, 1], [-1, 1], [1, -1]]) cloud(x, y, Number(x !== y), 7);
  } else {
    cloud(0, 0, 1, 10);
    for (let index = 0; index < 20; index++) add(1.5 * Math.cos(index * 0.314), 1.5 * Math.sin(index * 0.314), 0);
  }
  return [points, classes];
}
