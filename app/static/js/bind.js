/**
 * Binds behaviours to elements: `data-behavior="menu"` on an element runs behaviors/menu.js with it.
 * Several names are separated by spaces. Call again with a part of the page that was added later.
 */
const bound = new WeakSet();

export function bind(root) {
  for (const element of root.querySelectorAll("[data-behavior]")) {
    if (bound.has(element)) continue;
    bound.add(element);
    for (const name of element.dataset.behavior.split(" ")) {
      import(`./behaviors/${name}.js`).then((module) => module.default(element));
    }
  }
}
