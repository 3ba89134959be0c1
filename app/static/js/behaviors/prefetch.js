/**
 * Fetches a page of this site when the pointer rests on its link, so that the click feels instant.
 * Links only read, so this is safe; it stays away where the reader asked to save data.
 */
const REST_MS = 65;
const fetched = new Set();

export default function prefetch(page) {
  if (navigator.connection?.saveData) return;
  let timer;
  page.addEventListener("pointerover", ({ target, pointerType }) => {
    const link = pointerType === "mouse" && target.closest("a[href]");
    clearTimeout(timer);
    if (link && worthwhile(link)) timer = setTimeout(() => fetchAhead(link.href), REST_MS);
  });
}

function worthwhile(link) {
  const here = location.href.split("#")[0];
  return link.origin === location.origin && link.href.split("#")[0] !== here && !fetched.has(link.href);
}

function fetchAhead(href) {
  fetched.add(href);
  const hint = Object.assign(document.createElement("link"), { rel: "prefetch", href });
  document.head.append(hint);
}
