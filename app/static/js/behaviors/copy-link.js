/**
 * A button that copies the address in `data-url`, and says so for a moment in its own words.
 */
const SHOWN_MS = 1500;

export default function copyLink(button) {
  if (!navigator.clipboard) return; // browsers give it to https and to this machine only
  const words = button.querySelector("[data-words]");
  const status = button.parentElement.querySelector("[role=status]");
  const before = words.textContent;
  button.parentElement.hidden = false;

  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(button.dataset.url, location.href).href);
    words.textContent = status.textContent = button.dataset.done;
    setTimeout(() => {
      words.textContent = before;
      status.textContent = "";
    }, SHOWN_MS);
  });
}
