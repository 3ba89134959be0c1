/**
 * Closes an open <details> menu as people expect: Escape, a click elsewhere, or leaving it by keyboard.
 * A menu that only offers what scripts can do is hidden until this has run.
 */
export default function menu(details) {
  const close = () => (details.open = false);
  details.hidden = false;

  document.addEventListener("click", ({ target }) => details.contains(target) || close());

  details.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !details.contains(relatedTarget)) close();
  });

  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    close();
    details.querySelector("summary").focus();
  });
}
