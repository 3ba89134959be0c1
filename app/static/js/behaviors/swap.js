/**
 * Sends a form without leaving the page, then takes over the parts of the answered page that are named
 * (by id) in `data-swap`. The button that was pressed may have an address of its own; `data-next` is a
 * smaller page to be led to than the one that the form stands on. If the answer is unusual, the form is
 * sent the plain way; if there is none, since there is no line, the page stays, and the button can be
 * pressed again.
 */
import { bind } from "../bind.js";
import messages from "./messages.js";

class NoLine extends Error {}

export default function swap(form) {
  // The second click of a double one would meet the button that the first has brought.
  form.addEventListener("click", (event) => event.detail > 1 && event.preventDefault());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    const button = event.submitter;
    const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
    try {
      renew(form, await answer(form, address), button);
    } catch (error) {
      if (error instanceof NoLine) return stay(form);
      form.action = address;
      form.submit();
    }
  });
}

async function answer(form, address) {
  const body = new FormData(form);
  if (form.dataset.next) body.set("next", form.dataset.next);
  const response = await fetch(address, { method: "POST", body }).catch(() => {
    throw new NoLine();
  });
  if (!response.ok) throw new Error(response.statusText);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function stay(form) {
  form.removeAttribute("aria-busy");
  const region = document.getElementById("messages");
  region.replaceChildren(document.getElementById("no-line").content.cloneNode(true));
  messages(region);
}

function renew(form, page, pressed) {
  const ids = form.dataset.swap.split(" ");
  if (!ids.some((id) => page.getElementById(id))) throw new Error("not the page expected");
  for (const id of ids) {
    const part = page.getElementById(id) ?? document.createElement("div");
    document.getElementById(id)?.replaceWith(part);
    if (part.isConnected) bind(part.parentElement);
  }
  const renewed = document.getElementById(form.id);
  if (renewed && form.dataset.next) renewed.elements.next.value = form.elements.next.value;
  const place = [...form.querySelectorAll("button")].indexOf(pressed);
  const next = renewed?.querySelectorAll("button")[Math.max(place, 0)] ?? document.getElementById(ids[0]);
  next?.focus({ preventScroll: true });
}
