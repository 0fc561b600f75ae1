// The network for digits: its training, the digit one writes, and what the network takes it for.

import { Curve } from "./drawing.js";

const STROKE = 12; // pixels of the canvas, which are 140 a side
const byId = (id) => document.getElementById(id);

export class Digits {
  constructor(send) {
    this.send = send;
    this.training = false;
    this.curve = new Curve(byId("loss"), { x: "digits seen", y: "loss" });
    this.seen = 0; // digits
    this.isDone = false;
    this.ink = byId("ink").getContext("2d", { willReadFrequently: true });
    this.bars = Array.from({ length: 10 }, (_, digit) => bar(digit));
    byId("bars").append(...this.bars.map(({ row }) => row));
    this.clear();
    this.listen();
  }

  listen() {
    const canvas = byId("ink");
    let isDrawing = false;
    const move = (event) => {
      const box = canvas.getBoundingClientRect();
      this.ink.lineTo(
        ((event.clientX - box.left) / box.width) * canvas.width,
        ((event.clientY - box.top) / box.height) * canvas.height,
      );
      this.ink.stroke();
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      isDrawing = true;
      this.ink.beginPath();
      move(event);
      move(event);
    });
    canvas.addEventListener("pointermove", (event) => isDrawing && move(event));
    for (const kind of ["pointerup", "pointercancel"])
      canvas.addEventListener(kind, () => {
        if (isDrawing) this.ask();
        isDrawing = false;
      });
    byId("clear-ink").addEventListener("click", () => {
      this.clear();
      this.ask();
    });
    byId("sample").addEventListener("click", () => {
      this.clear();
      this.send({ kind: "sample" });
    });
    byId("train-digits").addEventListener("click", () => {
      this.training = !this.training;
      this.send({ kind: "digits", training: this.training });
      this.label();
    });
  }

  begin() {
    byId("train-digits").disabled = byId("sample").disabled = false;
  }

  label() {
    byId("train-digits").textContent = this.training ? "Pause" : this.isDone ? "Train anew" : "Train";
  }

  clear() {
    const { width, height } = this.ink.canvas;
    this.ink.fillStyle = "#fff";
    this.ink.fillRect(0, 0, width, height);
    Object.assign(this.ink, { lineWidth: STROKE, lineCap: "round", lineJoin: "round", strokeStyle: "#000" });
  }

  // Asks what the network takes the drawing for.
  ask() {
    const { width, height } = this.ink.canvas;
    const { data } = this.ink.getImageData(0, 0, width, height);
    const ink = Array.from({ length: width * height }, (_, index) => 255 - data[4 * index]);
    this.send({ kind: "draw", ink, width });
  }

  showTraining({ seen, size, epochs, loss, accuracy, tested, training }) {
    this.isDone = seen > 0 && seen >= epochs * size;
    this.training = training;
    this.label();
    if (seen < this.seen) this.curve.clear();
    if (seen > 0 && seen !== this.seen) this.curve.add(seen, loss);
    this.seen = seen;
    if (!seen) return;
    const epoch = Math.ceil(seen / size);
    const [done, all] = [seen - (epoch - 1) * size, size].map((count) => count.toLocaleString("en"));
    byId("progress").max = epochs * size;
    byId("progress").value = seen;
    byId("digits-progress").textContent =
      `Epoch ${epoch} of ${epochs}: ${done} of ${all} digits; loss ${loss.toFixed(3)}, ` +
      `${(100 * accuracy).toFixed(1)} % of the last ones right.`;
    const accuracies = tested.map((each, index) => `${(100 * each).toFixed(1)} % after epoch ${index + 1}`);
    byId("accuracies").textContent = tested.length ? `Right among 10,000 other digits: ${accuracies.join(", ")}.` : "";
  }

  showDigit({ pixels, probabilities, label, trained }) {
    const context = byId("seen").getContext("2d");
    const image = context.createImageData(28, 28);
    pixels.forEach((pixel, index) => image.data.set([255 - pixel, 255 - pixel, 255 - pixel, 255], 4 * index));
    context.putImageData(image, 0, 0);
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    this.bars.forEach(({ row, fill, percent }, digit) => {
      const probability = probabilities ? probabilities[digit] : 0;
      fill.style.width = `${100 * probability}%`;
      percent.textContent = probabilities ? `${(100 * probability).toFixed(1)} %` : "";
      row.classList.toggle("best", digit === best);
    });
    const told = label === null ? "" : ` It is a ${label} of the test set.`;
    const verdict = trained ? `The network reads a ${best}.` : `The network reads a ${best}, but has learned nothing yet.`;
    byId("verdict").textContent = probabilities ? verdict + told : "Nothing yet.";
  }
}

function bar(digit) {
  const [row, name, track, fill, percent] = ["li", "span", "div", "div", "span"].map((tag) => document.createElement(tag));
  name.textContent = digit;
  track.className = "track";
  fill.className = "bar";
  percent.className = "percent";
  track.append(fill);
  row.append(name, track, percent);
  return { row, fill, percent };
}
