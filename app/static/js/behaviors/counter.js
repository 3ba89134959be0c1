/**
 * A ring that fills up as the text nears its limit, and turns to words close to it.
 * Counts what people call characters: an emoji of five code points is one.
 */
const NEAR = 20;
const segmenter = new Intl.Segmenter();

export default function counter(textarea) {
  const box = document.getElementById(`${textarea.id}-counter`);
  const words = box.querySelector(".counter-words");
  const ring = box.querySelector(".counter-used");
  const limit = Number(textarea.dataset.maxLength);

  const draw = () => {
    const left = limit - length(textarea.value);
    ring.setAttribute("stroke-dashoffset", Math.max(0, (100 * left) / limit));
    box.classList.toggle("counter-empty", left === limit);
    box.classList.toggle("counter-over", left < 0);
    words.textContent = left > NEAR ? "" : wording(box.dataset, left);
  };

  box.hidden = false;
  textarea.addEventListener("input", draw);
  draw();
}

function length(text) {
  const sent = text.trim();
  return sent ? [...segmenter.segment(sent)].length : 0;
}

function wording({ left: leftWords, over: overWords }, left) {
  const number = new Intl.NumberFormat(document.documentElement.lang).format(Math.abs(left));
  return (left < 0 ? overWords : leftWords).replace("{n}", number);
}
