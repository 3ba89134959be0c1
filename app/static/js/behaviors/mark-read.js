/**
 * Sends a form that says "I have read this" by itself, once its page has been in sight for a moment.
 * What was new stays marked on the page; only the badges follow.
 */
import { askAgain } from "./unread.js";

const SEEN_MS = 2_000;

export default async function markRead(form) {
  do {
    if (document.hidden) await inSight();
    await new Promise((done) => setTimeout(done, SEEN_MS));
  } while (document.hidden);
  try {
    // The answer leads back to this page, which nobody needs once more.
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    askAgain();
  } catch {
    // The button is still there.
  }
}

const inSight = () => new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
