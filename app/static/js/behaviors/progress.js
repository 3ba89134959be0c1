/**
 * Keeps a list of jobs true while one of them is at work: asks for the same page every few seconds and
 * takes over the jobs that stand differently now (`data-version`). What a job says that has ended is
 * told in the region named by `data-news`. Without scripts the list is as new as the last reload.
 */
import { drawTimes } from "./times.js";

const EVERY_MS = 2_000;
const AT_MOST_MS = 60_000;

export default async function progress(list) {
  for (let wait = EVERY_MS; list.dataset.active; ) {
    await pause(wait);
    if (document.hidden) await seen();
    try {
      const next = await fresh(list.id);
      if (!next) return; // signed out meanwhile: it is another page
      take(list, next);
      wait = EVERY_MS;
    } catch {
      wait = Math.min(2 * wait, AT_MOST_MS); // no line, or the server is busy
    }
  }
}

const pause = (duration) => new Promise((done) => setTimeout(done, duration));
const seen = () => new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));

async function fresh(id) {
  const response = await fetch(location.href, { cache: "no-store" });
  if (!response.ok) throw new Error(response.statusText);
  return new DOMParser().parseFromString(await response.text(), "text/html").getElementById(id);
}

function take(list, next) {
  const [before, now] = [jobsIn(list), jobsIn(next)];
  const focused = list.contains(document.activeElement) && document.activeElement.id;
  const news = [...now].filter(([id, job]) => isOver(job) && before.has(id) && !isOver(before.get(id)));
  const words = news.map(([id]) => next.querySelector(`#${id}-state`).textContent);

  list.dataset.active = next.dataset.active ?? "";
  if ([...before.keys()].join() !== [...now.keys()].join()) list.replaceChildren(...next.childNodes);
  else now.forEach((job, id) => job.dataset.version === before.get(id).dataset.version || before.get(id).replaceWith(job));
  drawTimes(list);

  if (focused && document.activeElement.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (words.length) document.getElementById(list.dataset.news).textContent = words.join(" ");
}

const jobsIn = (list) => new Map([...list.querySelectorAll("[data-version]")].map((job) => [job.id, job]));
const isOver = (job) => !job.hasAttribute("data-open");
