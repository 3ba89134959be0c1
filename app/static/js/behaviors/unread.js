/**
 * Keeps the badges true: asks every so often (`data-every`, in seconds) how much is unread, while the
 * page is in sight, and at once when it comes back into sight or when something was read on it. Stops
 * when the reader is signed out. The number stands in the title too, for those who look at their tabs.
 */
const AT_MOST_MS = 600_000;
const MANY = 99;

/** Tell the badges of this page that they may be wrong now. */
export const askAgain = () => document.dispatchEvent(new Event("unread"));

export default async function unread(source) {
  const title = document.title;
  const every = 1000 * Number(source.dataset.every);
  entitle(title, countsOnPage());
  for (let wait = every; ; ) {
    await pause(wait);
    try {
      const counts = await ask(source.dataset.url);
      if (!counts) return; // signed out
      for (const badge of badges()) draw(badge, counts[badge.dataset.unread]);
      entitle(title, counts);
      wait = every;
    } catch {
      wait = Math.min(2 * wait, AT_MOST_MS); // no line, or the server is busy
    }
  }
}

const badges = () => [...document.querySelectorAll("[data-unread]")];

/** What the server drew; the same number may stand in several places. */
const countsOnPage = () => Object.fromEntries(badges().map(({ dataset }) => [dataset.unread, Number(dataset.count)]));

const inShort = (count) => (count > MANY ? `${MANY}+` : String(count));

/** Until the time has come and somebody looks, or until there is a reason to ask at once. */
async function pause(duration) {
  const reason = new AbortController();
  const { signal } = reason;
  await new Promise((done) => {
    // Not all tabs of all readers at the same moment.
    setTimeout(() => document.hidden || done(), duration * (0.9 + 0.2 * Math.random()));
    document.addEventListener("visibilitychange", () => document.hidden || done(), { signal });
    document.addEventListener("unread", done, { signal });
  });
  reason.abort();
}

async function ask(url) {
  const headers = { Accept: "application/json" };
  const response = await fetch(url, { headers, cache: "no-store", redirect: "manual" });
  if (response.status === 401 || response.type === "opaqueredirect") return null;
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

function draw(badge, count = 0) {
  const [number, words] = badge.children;
  const text = inShort(count);
  badge.dataset.count = count;
  badge.hidden = count === 0;
  if (number.textContent !== text) number.textContent = text;
  words.textContent = words.dataset.words.replace("{count}", text);
}

function entitle(title, counts) {
  const sum = Object.values(counts).reduce((some, more) => some + more, 0);
  document.title = sum ? `(${inShort(sum)}) ${title}` : title;
}
