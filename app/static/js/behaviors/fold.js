/**
 * "Show more" opens a folded post where it stands. Without scripts the link leads to the post's page.
 */
export default function fold(link) {
  link.addEventListener("click", (event) => {
    const body = document.getElementById(link.dataset.target);
    event.preventDefault();
    body.classList.remove("post-body-folded");
    body.tabIndex = -1;
    body.focus({ preventScroll: true });
    link.remove();
  });
}
