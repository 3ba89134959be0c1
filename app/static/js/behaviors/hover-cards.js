/**
 * Shows who somebody is beside a link to them, after a moment of pointing at it or of standing on it by
 * keyboard. Escape closes the card, and so does leaving it; one may point at it or step into it, since
 * it stands behind the link. Each is fetched once. Fingers get none: they open the person's page.
 */
import { bind } from "../bind.js";

const LINKS = ".post-author, .post > .avatar-link, .post :is(.post-body, .post-passed-on) a[href^='/user/']";
const OPENS_AFTER_MS = 400;
const CLOSES_AFTER_MS = 250; // time to cross the gap between link and card
const GAP = 8;

export default function hoverCards(main) {
  if (!HTMLElement.prototype.showPopover) return;
  const cards = new Map(); // by address
  let wanted = null; // the link that a card is shown for, or soon will be
  let dismissed = null; // not shown again before one has been elsewhere
  let card = null;
  let timer;

  const after = (ms, act) => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };

  const close = () => {
    clearTimeout(timer);
    wanted = null;
    card?.remove();
    card = null;
  };

  const open = async (link) => {
    if (!cards.has(link.pathname)) cards.set(link.pathname, fetchCard(link.pathname));
    const found = await cards.get(link.pathname);
    if (!found) cards.delete(link.pathname);
    if (!found || link !== wanted || !link.isConnected) return;
    card?.remove();
    card = found;
    link.after(card);
    bind(card);
    card.showPopover();
    place(card, link);
  };

  const come = (link) => {
    clearTimeout(timer);
    if (link === dismissed || (link === wanted && card)) return;
    wanted = link;
    after(OPENS_AFTER_MS, () => open(link));
  };

  const leave = () => {
    if (card?.contains(document.activeElement) || wanted?.matches(":focus-visible")) return;
    after(CLOSES_AFTER_MS, close);
  };

  const look = (target) => {
    if (card?.contains(target)) return clearTimeout(timer);
    const link = target.closest(LINKS);
    if (link !== dismissed) dismissed = null;
    if (link) come(link);
    else if (wanted) leave();
  };

  main.addEventListener("pointerover", ({ target, pointerType }) => pointerType === "mouse" && look(target));
  main.addEventListener("pointerleave", () => {
    dismissed = null;
    if (wanted) leave();
  });
  main.addEventListener("focusin", ({ target }) => (target.matches(":focus-visible") || card?.contains(target)) && look(target));
  main.addEventListener("focusout", ({ relatedTarget }) => {
    if (wanted && relatedTarget && !card?.contains(relatedTarget)) after(CLOSES_AFTER_MS, close);
  });

  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !wanted) return;
    dismissed = wanted;
    const stepsBack = card?.contains(document.activeElement);
    close();
    if (stepsBack) dismissed.focus();
  });
}

/** Resolves to the card, in a frame that outlasts its renewal; to null if there is none to be had. */
async function fetchCard(pathname) {
  try {
    const response = await fetch(`${pathname}/popup`);
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const frame = document.createElement("div");
    frame.className = "hover-card";
    frame.popover = "manual";
    frame.append(page.querySelector(".person-card"));
    return frame;
  } catch {
    return null;
  }
}

/** Puts the card below the link, above where there is no room, and always inside the window. */
function place(card, link) {
  const around = link.getClientRects()[0];
  const { width, height } = card.getBoundingClientRect();
  const start = getComputedStyle(link).direction === "rtl" ? around.right - width : around.left;
  const left = Math.max(GAP, Math.min(start, document.body.clientWidth - width - GAP));
  const below = around.bottom + height + GAP <= innerHeight || around.top < height + GAP;
  const top = below ? around.bottom + GAP / 2 : around.top - height - GAP / 2;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${top + scrollY}px`;
}
