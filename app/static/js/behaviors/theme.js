/**
 * Shows the chosen colours at once and tells the server in the background.
 */
export default function theme(form) {
  form.addEventListener("submit", (event) => {
    const choice = event.submitter?.value;
    if (!choice) return;
    event.preventDefault();
    show(choice);
    const body = new FormData(form, event.submitter);
    fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {});
  });
}

function show(choice) {
  document.documentElement.dataset.theme = choice;
  for (const button of document.querySelectorAll("[name=theme][aria-pressed]")) {
    button.setAttribute("aria-pressed", button.value === choice);
  }
  const paper = getComputedStyle(document.documentElement).backgroundColor;
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) meta.content = paper;
  const scheme = document.querySelector("meta[name=color-scheme]");
  scheme.content = choice === "auto" ? "light dark" : choice;
}
