// Numbers are sorted as numbers, texts with the numbers in them: 2, 5, 10, 10x10, 20.
const table = document.querySelector("table");
const body = table.tBodies[0];
const all = [...body.rows];
const heads = [...table.tHead.rows[0].cells];
const number = (text) => Number(text.replace("inf", "Infinity"));
const collate = new Intl.Collator("en", { numeric: true }).compare;
heads.forEach((head, place) => {
  head.firstChild.onclick = () => {
    const down = head.ariaSort === "ascending";
    const text = (row) => row.cells[place].textContent;
    const order = head.className ? (a, b) => number(a) - number(b) || 0 : collate;
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    all.sort((one, other) => {
      const a = text(one);
      const b = text(other);
      return !a || !b ? !a - !b : down ? order(b, a) : order(a, b);
    });
    body.append(...all);
  };
});

const search = document.querySelector("input");
const count = document.querySelector("output");
search.oninput = () => {
  const words = search.value.toLowerCase();
  all.forEach((row) => (row.hidden = !row.textContent.toLowerCase().includes(words)));
  const shown = all.filter((row) => !row.hidden).length;
  const rows = all.length === 1 ? " row" : " rows";
  const of = shown < all.length ? shown.toLocaleString("en") + " of " : "";
  count.value = of + all.length.toLocaleString("en") + rows;
};
search.oninput();

const button = document.querySelector(".tools button");
if (button) {
  button.onclick = () => {
    const whole = table.classList.toggle("all");
    button.textContent = whole ? button.dataset.fewer : button.dataset.all;
  };
}
