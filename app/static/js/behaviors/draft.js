/**
 * Keeps what is being written in this browser until it has been posted, so that neither a closed tab nor a
 * request that fails loses anything. What the server sends back in a refused form wins over a draft: it is
 * newer. `data-original` is the text that is stored, empty for a new post. Each form has a key; a draft
 * notes the one with which it was sent, and goes when a page names that key as published.
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

  forgetPublished();
  const saved = read(key);

  if (refused) {
    keep();
  } else if (saved && saved.original === original && saved.text !== original) {
    restore(text, saved.text);
  }

  // Back to a form that was sent: browsers fill it in again, and one press would post it twice.
  const clear = () => {
    if (!refused && text.value !== original && text.value === sessionStorage.getItem(POSTED)) restore(text, original);
  };
  clear();
  addEventListener("pageshow", clear);
  text.addEventListener("input", () => keep());
  form.addEventListener("submit", () => keep(form.elements.form_key.value));
}

// It need not be this form's: a reply leads on to a page of its own.
function forgetPublished() {
  const published = document.getElementById("messages")?.dataset.published?.split(" ") ?? [];
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const saved = read(key);
    if (!published.includes(saved?.sent)) continue;
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
