/**
 * Keeps an open conversation true: asks every few seconds, while somebody sees it, for what was written
 * since, and adds it at the end; as a log, the list tells screen readers of it. Without scripts the
 * conversation is as new as the last reload.
 */
import { bind } from "../bind.js";
import { drawTimes } from "./times.js";

const EVERY_MS = 10_000;
const AT_MOST_MS = 120_000;
const NEAR_THE_END = 120;

// Who has just sent something mostly goes on writing. (Asked once: what is said later is of other deeds.)
if (document.querySelector(".message-success")) document.getElementById("message")?.focus({ preventScroll: true });

export default async function conversation(log) {
  for (let wait = EVERY_MS; ; ) {
    await pause(wait);
    if (document.hidden) await seen();
    if (!log.isConnected) return; // a newer list has taken its place
    try {
      const page = await since(log.dataset.newest);
      if (!page.getElementById(log.id)) return; // signed out meanwhile: it is another page
      add(log, page);
      wait = EVERY_MS;
    } catch {
      wait = Math.min(2 * wait, AT_MOST_MS); // no line, or the server is busy
    }
  }
}

const pause = (duration) => new Promise((done) => setTimeout(done, duration));
const seen = () => new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));

async function since(newest) {
  const response = await fetch(`${location.pathname}?after=${newest}`, { cache: "no-store" });
  if (!response.ok) throw new Error(response.statusText);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function add(log, page) {
  const messages = [...page.querySelectorAll(`#${log.id} li[id]`)].filter(({ id }) => !document.getElementById(id));
  if (!messages.length) return;
  const wasAtTheEnd = scrollY + innerHeight > document.documentElement.scrollHeight - NEAR_THE_END;
  for (const next of page.querySelectorAll("[name=next]")) next.value = location.pathname;
  document.getElementById("conversation-empty")?.remove();
  log.querySelector("ol").append(...messages);
  log.dataset.newest = page.getElementById(log.id).dataset.newest;
  const unread = page.getElementById("conversation-unread"); // none if there is more than one page of it
  if (unread) document.getElementById(unread.id).replaceWith(unread);
  drawTimes(log);
  bind(document);
  if (wasAtTheEnd) document.getElementById("end").scrollIntoView({ block: "end" });
}
