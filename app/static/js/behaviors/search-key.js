/**
 * `/` goes to the search box, unless somebody is typing or the box is not shown.
 */
const TYPING = "input, textarea, select, [contenteditable]";

export default function searchKey(field) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest(TYPING) || field.offsetParent === null) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
