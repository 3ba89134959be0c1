/**
 * Binds behaviours to elements: `data-behavior="menu"` on an element runs behaviors/menu.js with it.
 * Several names are separated by spaces. Call again for a part of the page that was added later.
 */
export function bind(root) {
  for (const element of root.querySelectorAll("[data-behavior]")) {
    for (const name of element.dataset.behavior.split(" ")) {
      import(`./behaviors/${name}.js`).then((module) => module.default(element));
    }
  }
}
