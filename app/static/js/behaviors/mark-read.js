/**
 * Sends a form that says "I have read this" by itself, once its page has really been before somebody for a
 * moment. What was new stays marked on the page; the button goes, and the badges follow.
 */
import { askAgain } from "./unread.js";

const A_LOOK_MS = 1_500;

export default async function markRead(form) {
  do {
    if (document.hidden) await inSight();
    await pause(A_LOOK_MS);
  } while (document.hidden);
  if (!form.isConnected) return; // something newer has come, and a form of its own
  try {
    // The answer leads back to this page, which nobody needs once more.
    const body = new FormData(form);
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
    if (response.type !== "opaqueredirect") return;
    form.remove();
    askAgain();
  } catch {
    // No line: the button is still there, and the next visit tries again.
  }
}

const pause = (duration) => new Promise((done) => setTimeout(done, duration));
const inSight = () => new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
