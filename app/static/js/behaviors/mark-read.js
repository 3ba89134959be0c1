/**
 * Says that a conversation was read, as its button would, once somebody really has the page before them.
 */
const A_LOOK_MS = 1_000;

export default async function markRead(form) {
  do {
    if (document.hidden) await seen();
    await pause(A_LOOK_MS);
  } while (document.hidden);
  if (!form.isConnected) return; // newer messages have come, and a form of their own
  try {
    const body = new FormData(form);
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
    if (response.type === "opaqueredirect") form.remove();
  } catch {
    // No line: it stays unread, and the next visit says so.
  }
}

const pause = (duration) => new Promise((done) => setTimeout(done, duration));
const seen = () => new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
