/**
 * Keeps what is being written in this browser until it has been posted, so that a closed tab loses
 * nothing. What the server sends back in a refused form wins over a draft: it is newer. `data-original`
 * is the text that is stored, empty for a new post.
 */
const PREFIX = "draft:";
const POSTED = "posted";

export default function draft(form) {
  const text = form.querySelector("textarea");
  const key = PREFIX + form.dataset.draft;
  const original = form.dataset.original;
  const refused = text.defaultValue !== original;

  const keep = (sent) => {
    if (text.value === original) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ original, text: text.value, sent }));
  };

  if (!refused && document.querySelector(".message-success")) forgetSent();
  const saved = read(key);

  if (refused) {
    keep(false);
  } else if (saved && saved.original === original && saved.text !== original) {
    restore(text, saved.text);
  }

  // Back to a form that was sent: browsers fill it in again, and one press would post it twice.
  const clear = () => {
    if (!refused && text.value !== original && text.value === sessionStorage.getItem(POSTED)) restore(text, original);
  };
  clear();
  addEventListener("pageshow", clear);
  text.addEventListener("input", () => keep(false));
  form.addEventListener("submit", () => keep(true));
}

// What was sent is published. It need not be this form's: a reply leads on to a page of its own.
function forgetSent() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const saved = read(key);
    if (!saved?.sent) continue;
    sessionStorage.setItem(POSTED, saved.text);
    localStorage.removeItem(key);
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function restore(textarea, value) {
  textarea.value = value;
  textarea.dispatchEvent(new Event("input", { bubbles: true }));
}
