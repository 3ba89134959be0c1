/**
 * Lets a text field grow with its text where the browser cannot do it by `field-sizing` alone.
 */
export default function grow(textarea) {
  if (CSS.supports("field-sizing", "content")) return;
  const fit = () => {
    textarea.style.blockSize = "auto";
    textarea.style.blockSize = `${textarea.scrollHeight + 2}px`;
  };
  textarea.addEventListener("input", fit);
  fit();
}
