/**
 * Suggests people while somebody types an @ and the beginning of a name. Arrow keys choose, Enter or
 * Tab takes, Escape closes. The field stays a text field (a <textarea> can be no combobox), so that
 * it is open is told by a status with the number of people, and by the active option.
 *
 * A line that holds nothing but a name needs no @; there Enter sends what was typed, unless an arrow
 * key has chosen somebody.
 */
const PAUSE = 150;
// As in app/text/marks.py, only that a name may be one in any script here.
const BEGUN = /(?<![\p{L}\p{M}\p{N}_@＠/+=])[@＠]([\p{L}\p{M}\p{N}_]{1,30})$/u;
const ALONE = /(?<=^\s*)@?([\p{L}\p{M}\p{N}_]{1,30})$/u;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export default function suggestNames(field) {
  const box = document.getElementById(`${field.id}-suggest`);
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[role=status]");
  let asking = new AbortController();
  let timer;

  const close = () => {
    clearTimeout(timer);
    asking.abort();
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
    field.removeAttribute("aria-activedescendant");
  };

  const mark = (option) => {
    for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const take = (option) => {
    const begun = beginning(field);
    close();
    if (!begun) return;
    const after = field.value.slice(field.selectionEnd);
    const name = `@${option.dataset.username}${/^\s/.test(after) ? "" : " "}`;
    field.setRangeText(name, begun.start, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const show = (people) => {
    list.replaceChildren(...people.map((person, number) => optionFor(person, `${list.id}-${number}`)));
    list.hidden = people.length === 0;
    if (list.hidden) return close();
    const count = new Intl.NumberFormat(document.documentElement.lang).format(people.length);
    status.textContent = box.dataset.found.replace("{n}", count);
    if (!isLine(field)) mark(list.firstElementChild);
  };

  const ask = async (typed) => {
    asking = new AbortController();
    const { signal } = asking;
    try {
      const response = await fetch(`${box.dataset.url}?q=${encodeURIComponent(typed)}`, { signal });
      const people = response.ok ? await response.json() : [];
      if (!signal.aborted) show(people);
    } catch {
      if (!signal.aborted) close();
    }
  };

  const look = () => {
    const begun = beginning(field);
    if (!begun) return close();
    clearTimeout(timer);
    asking.abort();
    timer = setTimeout(() => ask(begun.typed), PAUSE);
  };

  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-haspopup", "listbox");
  field.addEventListener("input", ({ isComposing }) => isComposing || look());
  field.addEventListener("compositionend", look);
  field.addEventListener("blur", close);
  field.addEventListener("click", close);
  field.addEventListener("keydown", (event) => onKey(event, field, list, { close, mark, take }));
  // Pressing an option must not take the focus away from the field.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) take(option);
  });
}

const isLine = (field) => field.localName === "input";

function beginning(field) {
  const { value, selectionStart, selectionEnd } = field;
  if (selectionStart !== selectionEnd) return null;
  const found = (isLine(field) ? ALONE : BEGUN).exec(value.slice(0, selectionEnd));
  return found && { start: found.index, typed: found[1] };
}

function onKey(event, field, list, { close, mark, take }) {
  if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const options = [...list.children];
  const chosen = options.findIndex((option) => option.id === field.getAttribute("aria-activedescendant"));
  if (event.key in STEPS) {
    const last = chosen < 0 && event.key === "ArrowUp";
    mark(options.at(last ? -1 : (chosen + STEPS[event.key]) % options.length));
  } else if (chosen >= 0 && !event.shiftKey && (event.key === "Enter" || event.key === "Tab")) {
    take(options[chosen]);
  } else if (event.key === "Escape") {
    close();
  } else {
    if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") close();
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function optionFor({ username, name }, id) {
  const option = document.createElement("li");
  Object.assign(option, { id, className: "suggest-person", role: "option" });
  option.dataset.username = username;
  option.append(words("name", name, "auto"), words("handle", `@${username}`, "ltr"));
  return option;
}

function words(className, text, dir) {
  return Object.assign(document.createElement("bdi"), { className, textContent: text, dir });
}
