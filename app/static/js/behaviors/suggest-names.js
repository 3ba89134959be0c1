/**
 * Suggests people while somebody types an @ and the beginning of a name. Arrow keys choose, Enter or
 * Tab takes, Escape closes. The field stays a text field (a <textarea> can be no combobox), so that
 * it is open is told by a status with the number of people, and by the active option.
 */
const PAUSE = 150;
// As in app/text/marks.py, only that a name may be one in any script here.
const BEGUN = /(?<![\p{L}\p{M}\p{N}_@＠/+=])[@＠]([\p{L}\p{M}\p{N}_]{1,30})$/u;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export default function suggestNames(textarea) {
  const box = document.getElementById(`${textarea.id}-suggest`);
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
    textarea.removeAttribute("aria-activedescendant");
  };

  const mark = (option) => {
    for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
    textarea.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const take = (option) => {
    const begun = beginning(textarea);
    close();
    if (!begun) return;
    const after = textarea.value.slice(textarea.selectionEnd);
    const name = `@${option.dataset.username}${/^\s/.test(after) ? "" : " "}`;
    textarea.setRangeText(name, begun.start, textarea.selectionEnd, "end");
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const show = (people) => {
    list.replaceChildren(...people.map((person, number) => optionFor(person, `${list.id}-${number}`)));
    list.hidden = people.length === 0;
    if (list.hidden) return close();
    const count = new Intl.NumberFormat(document.documentElement.lang).format(people.length);
    status.textContent = box.dataset.found.replace("{n}", count);
    mark(list.firstElementChild);
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
    const begun = beginning(textarea);
    if (!begun) return close();
    clearTimeout(timer);
    asking.abort();
    timer = setTimeout(() => ask(begun.typed), PAUSE);
  };

  textarea.setAttribute("aria-controls", list.id);
  textarea.setAttribute("aria-autocomplete", "list");
  textarea.setAttribute("aria-haspopup", "listbox");
  textarea.addEventListener("input", ({ isComposing }) => isComposing || look());
  textarea.addEventListener("compositionend", look);
  textarea.addEventListener("blur", close);
  textarea.addEventListener("click", close);
  textarea.addEventListener("keydown", (event) => onKey(event, textarea, list, { close, mark, take }));
  // Pressing an option must not take the focus away from the field.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) take(option);
  });
}

function beginning({ value, selectionStart, selectionEnd }) {
  if (selectionStart !== selectionEnd) return null;
  const found = BEGUN.exec(value.slice(0, selectionEnd));
  return found && { start: found.index, typed: found[1] };
}

function onKey(event, textarea, list, { close, mark, take }) {
  if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const options = [...list.children];
  const chosen = options.findIndex((option) => option.id === textarea.getAttribute("aria-activedescendant"));
  if (event.key in STEPS) {
    mark(options.at((chosen + STEPS[event.key]) % options.length));
  } else if (!event.shiftKey && (event.key === "Enter" || event.key === "Tab")) {
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
