/**
 * The whole card opens the post. Links and buttons in it keep their own meaning, text can be selected,
 * and the usual ways to open a new tab work.
 */
const OWN_MEANING = "a, button, summary, label, input, textarea, details, .post-actions, .hover-card";

export default function card(article) {
  const link = article.querySelector("[data-permalink]");
  article.classList.add("post-open");

  article.addEventListener("click", (event) => {
    if (event.target.closest(OWN_MEANING) || !getSelection().isCollapsed) return;
    if (event.metaKey || event.ctrlKey) window.open(link.href, "_blank", "noopener");
    else link.click();
  });
}
