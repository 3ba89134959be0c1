/**
 * A button that passes the address in `data-url` to whatever shares on this device, else copies it and
 * says so for a moment.
 */
const SHOWN_MS = 1500;

export default function share(button) {
  if (!navigator.share && !navigator.clipboard) return; // browsers give them to https and to this machine only
  const url = new URL(button.dataset.url, location.href).href;
  const status = button.nextElementSibling;
  button.hidden = false;

  button.addEventListener("click", async () => {
    if (navigator.share) return navigator.share({ url }).catch(() => {}); // closed without a choice
    await navigator.clipboard.writeText(url);
    status.textContent = button.dataset.done;
    setTimeout(() => (status.textContent = ""), SHOWN_MS);
  });
}
