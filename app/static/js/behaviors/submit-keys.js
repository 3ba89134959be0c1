/**
 * Ctrl+Enter, or ⌘+Enter on a Mac, sends the form.
 */
export default function submitKeys(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}
