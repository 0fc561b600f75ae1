// Connects the page to the worker in which Python runs. Messages are JSON texts; `live_training.py` lists them.

import { Digits } from "./digits.js";
import { Lecture } from "./lecture.js";

const status = document.getElementById("status");
const error = document.getElementById("error");
const worker = new Worker("worker.js", { type: "module" });
const send = (message) => worker.postMessage(JSON.stringify(message));
const lecture = new Lecture(send);
const digits = new Digits(send);

function fail(text) {
  error.textContent = text;
  error.hidden = false;
}

const shown = {
  status: ({ text }) => (status.textContent = text),
  ready: ({ text }) => {
    status.textContent = text;
    lecture.begin();
    digits.begin();
  },
  error: ({ text }) => {
    status.textContent = "Stopped.";
    fail(text);
  },
  lecture: (message) => lecture.show(message),
  digits: (message) => digits.showTraining(message),
  digit: (message) => digits.showDigit(message),
};

status.textContent = "Starting …";
worker.addEventListener("message", ({ data }) => {
  const message = JSON.parse(data);
  shown[message.kind](message);
});
worker.addEventListener("error", (event) => {
  status.textContent = "Stopped.";
  fail(`The worker, in which Python runs, cannot be started: ${event.message ?? "worker.js is missing"}. `
    + "Today’s browsers can run it; older ones have no workers that are modules.");
});
