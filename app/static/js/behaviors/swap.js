/**
 * Sends a form without leaving the page, then takes over the parts of the answered page that are named
 * (by id) in `data-swap`. If anything is unusual, the form is sent the plain way.
 */
import { bind } from "../bind.js";

export default function swap(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    try {
      renew(form, await answer(form));
    } catch {
      form.submit();
    }
  });
}

async function answer(form) {
  const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
  if (!response.ok) throw new Error(response.statusText);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function renew(form, page) {
  const ids = form.dataset.swap.split(" ");
  if (!ids.some((id) => page.getElementById(id))) throw new Error("not the page expected");
  for (const id of ids) {
    const part = page.getElementById(id) ?? document.createElement("div");
    document.getElementById(id)?.replaceWith(part);
    bind(part.parentElement);
  }
  const next = document.getElementById(form.id)?.querySelector("button") ?? document.getElementById(ids[0]);
  next?.focus({ preventScroll: true });
}
