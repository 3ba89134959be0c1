/**
 * Takes the drafts along when somebody leaves: the next person at this computer need not read them.
 */
export default function forgetDrafts(form) {
  form.addEventListener("submit", () => {
    sessionStorage.removeItem("posted");
    for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
  });
}
