/**
 * Puts the messages in once more after the page has loaded, since screen readers pass over what was
 * there from the start; keeps them in view for a while, however far down the page one is; and lets an
 * error be closed.
 */
const SETTLED_MS = 150;
const FRESH_MS = 8_000;

export default function messages(region) {
  region.dataset.fresh = "";
  if (!region.querySelector(".message-error")) setTimeout(() => delete region.dataset.fresh, FRESH_MS);

  for (const message of region.querySelectorAll(".message")) {
    const words = message.querySelector("p");
    setTimeout(() => words.replaceChildren(words.textContent), SETTLED_MS);

    const close = message.querySelector("[data-dismiss]");
    if (!close) continue;
    close.hidden = false;
    close.addEventListener("click", () => message.remove());
  }
}
