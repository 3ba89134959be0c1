/**
 * Redraws the server's times in the reader's own clock and language, and keeps "5 minutes ago" true.
 * For the whole page: times that are added later are picked up at the next round, within a minute,
 * unless who adds them calls `drawTimes`.
 */
const RECENT_DAYS = 7;
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const language = document.documentElement.lang;

const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const date = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
const dateAndTime = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });

export default function times(page) {
  const draw = () => drawTimes(page);
  draw();
  setInterval(draw, 60_000);
  document.addEventListener("visibilitychange", () => document.hidden || draw());
}

export function drawTimes(part) {
  part.querySelectorAll("time.flask-moment").forEach(redraw);
}

function redraw(element) {
  const moment = new Date(element.dataset.timestamp);
  const text = wording(moment, element.dataset);
  if (element.textContent !== text) element.textContent = text;
  element.title = full.format(moment);
}

function wording(moment, { function: name, format }) {
  if (name === "fromNow") return fromNow(moment);
  return (format === "LL" ? date : dateAndTime).format(moment);
}

function fromNow(moment) {
  const seconds = Math.min(-1, Math.round((moment - Date.now()) / 1000));
  if (-seconds > RECENT_DAYS * 86400) return date.format(moment);
  const [unit, size] = UNITS.find(([, length]) => -seconds >= length);
  return relative.format(Math.ceil(seconds / size), unit);
}
