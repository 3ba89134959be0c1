/**
 * A button that shows what was typed into the password field named by `data-for`.
 */
export default function showPassword(button) {
  const input = document.getElementById(button.dataset.for);
  button.hidden = false;

  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  });

  // Password managers and the browser's own memory expect the field as it was.
  input.form.addEventListener("submit", () => (input.type = "password"));
}
